import type { WorkModule } from './worker.module.js';

/** The libs whose tasks workers do. */
export const WORK: readonly WorkModule[] = [];
