export type { Actor } from './actor.js';
export * from './column-mapping.js';
export * from './dataset.entity.js';
export * from './dataset.service.js';
export * from './datasets.module.js';
export * from './upload.entity.js';
export * from './upload-revision.entity.js';
export * from './visible-set.entity.js';
