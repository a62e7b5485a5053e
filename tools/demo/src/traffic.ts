/** A source of numbers in [0, 1) that a seed decides. */
export type Draw = () => number;

/** mulberry32: 32 bits of state, good enough to choose paths, the same everywhere. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words = ['serendipity', 'gateway', 'provider', 'weather', 'quota'];
const countries = ['PE', 'FR', 'JP', 'NZ', 'CA'];
const pick = <T>(draw: Draw, of: readonly T[]): T => of[Math.floor(draw() * of.length)] as T;

/** The next path: mostly weather at a place of its own, so that no cache answers, among everything else. */
export function nextPath(draw: Draw): string {
  const chance = draw();
  if (chance < 0.6)
    return `/weather/current?lat=${(draw() * 120 - 60).toFixed(3)}&lon=${(draw() * 360 - 180).toFixed(3)}`;
  if (chance < 0.7) return `/weather/forecast?days=3&lat=${(draw() * 120 - 60).toFixed(3)}&lon=5.000`;
  if (chance < 0.8) return `/dictionary/${pick(draw, words)}`;
  if (chance < 0.9) return `/countries/${pick(draw, countries)}`;
  return '/time/now?timezone=Asia/Tokyo';
}
