export * from './objects/run-item.entity.js';
export * from './source.entity.js';
export * from './source.service.js';
export { SourceOrders } from './source-orders.js';
export * from './source-run.entity.js';
export * from './source-runs.js';
export * from './sources.module.js';
