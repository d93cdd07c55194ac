export * from './metrics.js';
export * from './token.js';
