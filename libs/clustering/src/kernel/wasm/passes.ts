import { PASSES_MODULE } from './module.js';

/** The functions of passes.as, which documents them. Every `number` is a byte offset, a count or an index. */
export interface Passes {
  reassign(
    tiles: number,
    weights: number,
    from: number,
    to: number,
    width: number,
    centroids: number,
    k: number,
    labels: number,
    slack: number,
    used: number,
    sums: number,
    sizes: number,
    former: number,
  ): number;
  potential(
    tiles: number,
    weights: number,
    from: number,
    to: number,
    width: number,
    centre: number,
    nearest: number,
  ): number;
  approach(tiles: number, from: number, to: number, width: number, centre: number, nearest: number): void;
  locate(weights: number, nearest: number, tileCount: number, goal: number): number;
  addRemovalCosts(
    tiles: number,
    weights: number,
    from: number,
    to: number,
    width: number,
    centroids: number,
    k: number,
    nearest: number,
    costs: number,
  ): number;
  reassignExactly(
    points: number,
    from: number,
    to: number,
    bytes: number,
    transposed: number,
    stride: number,
    labels: number,
    slack: number,
    used: number,
    sums: number,
    sizes: number,
  ): number;
  addUp(
    points: number,
    from: number,
    to: number,
    bytes: number,
    labels: number,
    sums: number,
    sizes: number,
  ): void;
  inertia(points: number, from: number, to: number, bytes: number, centroids: number, labels: number): number;
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
