import { PASSES_MODULE } from './module.js';

/** The functions of passes.as, which documents them. Every `number` is a byte offset, a count or an index. */
export interface Passes {
  assign(
    points: number,
    weights: number,
    from: number,
    to: number,
    bytes: number,
    transposed: number,
    stride: number,
    labels: number,
    lower: number,
    slack: number,
    sums: number,
    sizes: number,
  ): void;
  listActive(
    from: number,
    to: number,
    labels: number,
    slack: number,
    limits: number,
    active: number,
    listed: number,
  ): number;
  reassign(
    points: number,
    weights: number,
    from: number,
    to: number,
    active: number,
    bytes: number,
    centroids: number,
    transposed: number,
    stride: number,
    labels: number,
    lower: number,
    slack: number,
    drifted: number,
    othersDrifted: number,
    gaps: number,
    sums: number,
    sizes: number,
  ): number;
  addUp(
    points: number,
    weights: number,
    from: number,
    to: number,
    bytes: number,
    labels: number,
    sums: number,
    sizes: number,
  ): void;
  ownDistances(
    points: number,
    weights: number,
    from: number,
    to: number,
    bytes: number,
    centroids: number,
    labels: number,
    nearest: number,
  ): number;
  approach(
    points: number,
    weights: number,
    from: number,
    to: number,
    bytes: number,
    centre: number,
    nearest: number,
  ): number;
  addPotentials(
    points: number,
    weights: number,
    from: number,
    to: number,
    bytes: number,
    pair: number,
    stride: number,
    nearest: number,
    potentials: number,
  ): void;
  locate(weights: number, nearest: number, to: number, goal: number): number;
  addRemovalCosts(
    points: number,
    weights: number,
    from: number,
    to: number,
    bytes: number,
    transposed: number,
    stride: number,
    nearest: number,
    costs: number,
  ): number;
}

// Node's own types leave WebAssembly to the DOM's, which a server does not load.
declare global {
  namespace WebAssembly {
    class Memory {
      constructor(descriptor: { initial: number; maximum: number; shared: true });
      readonly buffer: SharedArrayBuffer;
    }
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Instance {
      constructor(module: Module, imports: Record<string, Record<string, unknown>>);
      readonly exports: Record<string, unknown>;
    }
  }
}

/** The passes, working on the given memory. Compiling takes well under a millisecond. */
export function loadPasses(memory: WebAssembly.Memory): Passes {
  const module = new WebAssembly.Module(Buffer.from(PASSES_MODULE, 'base64'));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Passes;
}
