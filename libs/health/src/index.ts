export * from './checks.js';
export * from './graceful-stop.js';
export * from './readiness.js';
