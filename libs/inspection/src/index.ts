export * from './inspection.module.js';
export * from './state/system-gauges.js';
export * from './state/system-state.js';
export * from './state/worker-presence.js';
