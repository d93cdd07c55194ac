import { setFlagsFromString } from 'node:v8';

/** Percent of what is in use by which the heap may grow before all of it is marked again. */
const GROWTH = 100;

/**
 * V8 shrinks the heap of a process that rests to what it holds, and lets it grow by a few megabytes only. What an upload
 * passes through then counts as growth: the whole heap is marked again and again while a file comes in.
 */
export function keepHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
