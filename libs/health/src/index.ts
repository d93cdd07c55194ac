export * from './checks.js';
export * from './readiness.js';
