export { ADVISORY_LOCK } from './advisory-locks.js';
export { bigintNumber } from './bigint-number.js';
export * from './data-source.js';
export * from './database.module.js';
export * from './migrate.js';
export * from './outage.js';
export { hasGone, processId } from './process-name.js';
export * from './unique-violation.js';
