import { judge } from './judge.ts';
import type { MeasuredProcess } from './measured-process.ts';
import { quantile, sendLoad } from './send-load.ts';

/** The processes that are compared. */
export interface Hops {
  readonly product: MeasuredProcess;
  readonly hop: MeasuredProcess;
  readonly forward: MeasuredProcess;
}

interface Figure {
  readonly cpuMs: number;
  readonly p50: number;
  readonly p99: number;
}

/** Short rounds in turn, so that what else the machine does falls on all alike. */
const rounds = 20;
const warmUpRounds = 4;
const perRound = 500;
const concurrency = 8;
let coordinates = 0;

/** Fresh coordinates each time: no cache may answer. */
const weatherPath = (prefix: string) => () => {
  const n = coordinates++;
  return `${prefix}/weather/current?lat=${(n % 89) + (n % 9973) / 1e4}&lon=${(n % 179) + (n % 9967) / 1e4}`;
};
const timePath = (prefix: string) => () => `${prefix}/time/now?timezone=Europe/Paris`;

/** Prints CPU-ms per request of each, medians of rounds taken in turn, and whether the targets are met. */
export async function compareHops({ product, hop, forward }: Hops): Promise<boolean> {
  const headers = { authorization: `Bearer ${String(product.ready['key'])}` };
  const runs = {
    'product weather.current': () => measure(product, weatherPath('/api/v1'), headers),
    'bare hop with GET': () => measure(hop, weatherPath('')),
    'bare forward': () => measure(forward, weatherPath('')),
    'product time.now': () => measure(product, timePath('/api/v1'), headers),
    'bare hop': () => measure(hop, timePath('')),
  };
  const figures: Record<string, Figure[]> = {};
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      const figure = await run();
      if (round >= 0) (figures[name] ??= []).push(figure);
    }
  }
  const median = (name: string) =>
    quantile(
      (figures[name] ?? []).map(({ cpuMs }) => cpuMs),
      0.5,
    );
  console.log(`\nCPU-ms per request (median of ${rounds} rounds of ${perRound}, concurrency ${concurrency})`);
  for (const [name, list] of Object.entries(figures)) {
    const at = (key: 'p50' | 'p99') =>
      quantile(
        list.map((figure) => figure[key]),
        0.5,
      ).toFixed(1);
    console.log(`  ${name.padEnd(26)} ${median(name).toFixed(3)}    p50 ${at('p50')} ms, p99 ${at('p99')} ms`);
  }
  const weather = median('product weather.current');
  return [
    judge('weather.current, CPU-ms', weather, 1.0),
    judge('weather.current ÷ bare hop with GET', weather / median('bare hop with GET'), 2.2),
    judge('time.now ÷ bare hop', median('product time.now') / median('bare hop'), 2.2),
  ].every(Boolean);
}

async function measure(on: MeasuredProcess, pathOf: () => string, headers?: Record<string, string>): Promise<Figure> {
  const before = on.cpuMs();
  const { latenciesMs, statuses } = await sendLoad({
    url: String(on.ready['url']),
    pathOf,
    count: perRound,
    concurrency,
    headers,
  });
  if (statuses[200] !== perRound) throw new Error(`not every answer was 200: ${JSON.stringify(statuses)}`);
  return { cpuMs: (on.cpuMs() - before) / perRound, p50: quantile(latenciesMs, 0.5), p99: quantile(latenciesMs, 0.99) };
}
