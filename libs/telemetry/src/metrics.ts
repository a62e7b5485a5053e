import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds of duration histograms, seconds: 1 ms … 65 s, factor 2. */
export const durationBuckets: readonly number[] = Array.from({ length: 17 }, (_, step) => 0.001 * 2 ** step);

/** The Prometheus metrics of one process. Labels are closed sets: never a tenant, key, user or model. */
export interface Metrics {
  counter<Label extends string>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  gauge<Label extends string>(name: string, help: string, labels?: readonly Label[]): Gauge<Label>;
  /** A duration in seconds. */
  duration<Label extends string>(name: string, help: string, labels?: readonly Label[]): Histogram<Label>;
  /** Text exposition format, and its content type. */
  expose(): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Makes a registry with the process's own metrics. A name asked for twice is the same metric. */
export function createMetrics(build: { readonly version: string }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'uapi_' });
  const known = <M>(name: string, make: () => M) => (registry.getSingleMetric(name) as M | undefined) ?? make();
  const metrics: Metrics = {
    counter: (name, help, labels = []) =>
      known(name, () => new Counter({ name, help, labelNames: [...labels], registers: [registry] })),
    gauge: (name, help, labels = []) =>
      known(name, () => new Gauge({ name, help, labelNames: [...labels], registers: [registry] })),
    duration: (name, help, labels = []) =>
      known(
        name,
        () =>
          new Histogram({ name, help, labelNames: [...labels], buckets: [...durationBuckets], registers: [registry] }),
      ),
    expose: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
  metrics.gauge('uapi_build_info', 'The build that runs; always 1.', ['version']).set({ version: build.version }, 1);
  return metrics;
}
