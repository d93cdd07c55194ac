export * from './report.entity.js';
export * from './report.service.js';
export * from './reports.module.js';
export * from './members/report-members.js';
export * from './request/report-input.js';
export * from './request/report-params.js';
export * from './segmentation/outcome.js';
export { SegmentationHandler } from './segmentation/segmentation.handler.js';
