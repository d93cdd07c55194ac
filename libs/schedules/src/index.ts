export * from './clock.js';
export * from './schedule-handlers.js';
export * from './schedule-rounds.js';
export * from './schedule.entity.js';
export * from './schedules.js';
export * from './schedules.module.js';
export * from './timing.js';
