export * from './actor.js';
export * from './audit.module.js';
export * from './audit-chain.js';
export * from './audit-entry.entity.js';
export * from './audit-log.js';
export * from './audit-reader.js';
export * from './audit-sealer.js';
