import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What this process tells Prometheus. Names begin with `datacore_`; ids are never labels. */
const registry = new Registry();

export const METRICS_CONTENT_TYPE = registry.contentType;

/** Memory, processor time, garbage collection, open files and the lag of the event loop. To be called once. */
export function collectProcessMetrics(app: string): void {
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
}

/** Counts what happened since the process began; its name ends in `_total`. */
export const counter = <Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Counter<Label> => new Counter({ name, help, labelNames, registers: [registry] });

/** How long something took, in seconds. */
export const histogram = <Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  buckets: number[],
): Histogram<Label> => new Histogram({ name, help, labelNames, buckets, registers: [registry] });

/** A state, set by whoever knows it before the figures are asked for. */
export const gauge = <Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Gauge<Label> => new Gauge({ name, help, labelNames, registers: [registry] });

/** All figures in Prometheus' text format. */
export const exposition = (): Promise<string> => registry.metrics();
