export * from './logger.js';
export * from './logging.module.js';
export * from './request-context.js';
export type { Logger } from 'pino';
