export * from './actor.js';
export * from './audit.module.js';
export * from './audit-entry.entity.js';
export * from './audit-log.js';
