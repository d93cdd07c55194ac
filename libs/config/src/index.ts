export * from './environment.js';
export * from './heap.js';
export * from './settings.js';
export * from './settings.module.js';
