export {
  checkDistinctRoles,
  checkMappingNames,
  columnMappingSchema,
  type Decisions,
  type GivenMapping,
} from './column-mapping.js';
export * from './analysis/analysis-orders.js';
export * from './anomalies/anomalies-handler.js';
export * from './bundles/bundle.entity.js';
export * from './bundles/bundle.service.js';
export * from './dataset.entity.js';
export * from './dataset.service.js';
export * from './datasets.module.js';
export * from './derived/derived-columns.js';
export * from './exports/export-handler.js';
export * from './exports/export-order.js';
export * from './ingest/ingest-handler.js';
export * from './ingest/work-directories.js';
export * from './links/data-version.js';
export * from './links/link.entity.js';
export * from './links/link-checks.js';
export * from './links/link.service.js';
export * from './links/linked-rows.js';
export * from './memory/role-view.js';
export * from './profile/profile.entity.js';
export * from './profile/profile-handler.js';
export * from './profile/profile.service.js';
export * from './removal.service.js';
export * from './reprocessing.service.js';
export * from './trial/trial.service.js';
export { COLUMN_CHANGES, type ColumnDrift } from './drift/column-drift.js';
export * from './upload.entity.js';
export * from './upload-intake.js';
export * from './upload-revision.entity.js';
export * from './upload.service.js';
export * from './visible-set.entity.js';
