import type { Column, ColumnType, PhysicalName, StorageType } from '../columns/column.js';
import type { FrameManifestEntry } from '../model/manifest.js';

/** A column of an upload that serves the dataset's column of this name. */
export interface SourceColumn {
  name: string;
  physical: PhysicalName;
  type: ColumnType;
  storage: StorageType;
}

/** Rows of an upload that later rows with the same key take the place of: a stored table of (ordinal, n). */
export interface SupersededRows {
  ownerId: string;
  revision: number;
  /** The ordinal under which the table has the rows of this upload. */
  ordinal: number;
  rowCount: number;
  manifest: FrameManifestEntry[];
}

/** The frames of one upload (or of a report's members) that are visible. */
export interface VisibleUpload {
  /** Owner of the frames: an upload's id, for members the report's. */
  uploadId: string;
  revision: number;
  ordinal: number;
  mode: 'append' | 'replace' | 'upsert' | 'mirror';
  /** Rows in the frames, those that are superseded included. */
  rowCount: number;
  /** Columns of the dataset that the upload lacks are absent here and null in its rows. */
  columns: SourceColumn[];
  manifest: FrameManifestEntry[];
  /** Files in place of stored frames, of an upload that is only looked at. */
  localPaths?: readonly string[];
  /** Rows of the frames that readers do not see; absent where they see all. */
  superseded?: SupersededRows;
}

/** What readers of a dataset see; immutable, so that its id is a cache key. */
export interface VisibleSet {
  id: string;
  /** IANA zone in which naive timestamps stand; `UTC` where the store says nothing. */
  timezone: string;
  /** The dataset's columns; `physical` is their name in the relation. */
  columns: Column[];
  rowCount: number;
  /** In ordinal order, without those that a later replace or mirror hides. */
  uploads: VisibleUpload[];
}

export const FILTER_OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'contains', 'isnull'] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export interface RowFilter {
  column: string;
  operator: FilterOperator;
  /** As in the query string; `in` takes a list or comma-separated text, `isnull` `true` or `false`. */
  value: string | string[];
}

export interface RowsQuery {
  /** From 1. */
  page: number;
  pageSize: number;
  /** Names; all columns without it. */
  columns?: string[];
  /** Names, `-name` for descending. */
  ordering?: string[];
  filters?: RowFilter[];
}
