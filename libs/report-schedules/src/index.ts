export * from './report-schedule.entity.js';
export * from './report-schedule.service.js';
export * from './report-schedules.module.js';
