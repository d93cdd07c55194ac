export * from './columns/column.js';
export * from './columns/evidence.js';
export * from './csv/dialect.js';
export * from './csv/preflight/preflight.js';
export { streamRecords } from './csv/file/stream-records.js';
export * from './csv/gzip/inflation-guard.js';
export * from './csv/preflight/read-head.js';
export { writeRecord } from './csv/write-record.js';
export { dropTables } from './engine/clean-up.js';
export { DuckEngine, type QueryOptions } from './engine/duck-engine.js';
export { extractDoubles } from './engine/extract-doubles.js';
export { quoteIdentifier, quoteLiteral } from './engine/sql.js';
export type { Anomaly, Finding } from './findings/finding.js';
export { type FindingList, FindingLists } from './findings/finding-lists.js';
export { FramesModule, type FramesOptions } from './frames.module.js';
export { FrameIngest } from './ingest/frame-ingest.js';
export * from './ingest/request.js';
export type { WrittenTable } from './model/frame-publisher.js';
export * from './model/frame-archive.js';
export { FrameCache } from './model/frame-cache.js';
export {
  frameId,
  FrameMismatch,
  FrameRepository,
  FrameStoreUnavailable,
  type FrameTable,
} from './model/frame.repository.js';
export type { Frame } from './model/frame.schema.js';
export { FrameWriter } from './model/frame-writer.js';
export * from './model/manifest.js';
export { FrameQuery, type ReadOptions } from './query/frame-query.js';
export { conditionsOf } from './query/conditions.js';
export { csvCell, csvHeader, distinctWhateverCase } from './query/export/export-columns.js';
export * from './query/export/frame-export.js';
export { changesSql, type RowChanges } from './query/fold/changes-sql.js';
export * from './query/fold/frame-fold.js';
export { supersededSql } from './query/fold/superseded-sql.js';
export * from './query/linked/frame-links.js';
export * from './query/linked/frame-nesting.js';
export { LIST_SEPARATOR, type NestedQuery } from './query/linked/nested-sql.js';
export { type LinkedTable, type RowTree, tablesOf } from './query/linked/row-tree.js';
export * from './query/profile/column-profile.js';
export * from './query/profile/frame-profiler.js';
export * from './query/questions/frame-stats.js';
export * from './query/questions/frame-values.js';
export type { NumberSummary, ValueSummary } from './query/questions/summary.js';
export { reachable } from './query/reachable.js';
export { visibleTable } from './query/visible-table.js';
export * from './quality/anomaly-types.js';
export * from './query/visible-set.js';
export type { DuckDBConnection } from '@duckdb/node-api';
