export * from './answer-cache.js';
export * from './answer-cache.module.js';
export { BoundedMap } from './bounded-map.js';
