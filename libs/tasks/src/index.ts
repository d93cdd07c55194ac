export * from './failures.js';
export * from './task.entity.js';
export * from './task-handler.js';
export * from './task-handlers.js';
export * from './task-runner.js';
export * from './task-service.js';
export * from './tasks.module.js';
