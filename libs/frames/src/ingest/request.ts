import type { Column, Mapping } from '../columns/column.js';
import type { ColumnEvidence } from '../columns/evidence.js';
import type { Dialect, DialectOverrides, FileLimits } from '../csv/dialect.js';
import type { FrameManifestEntry } from '../model/manifest.js';

export interface IngestProgress {
  done: number;
  total: number;
  unit: 'bytes' | 'rows';
}

export interface IngestRequest {
  /** The uploaded file; only read. */
  path: string;
  uploadId: string;
  /** Fence number of the attempt: no other attempt writes the same frames. */
  revision: number;
  overrides?: DialectOverrides;
  mapping?: Partial<Mapping>;
  /** The dataset's columns, where it has any: their types are demanded of columns with the same names. */
  existingColumns?: Column[];
  limits: FileLimits;
  fallbackEncoding?: string;
  /** Existing, private, generated directory; the caller removes it once the artefacts are taken. */
  workDirectory: string;
  signal?: AbortSignal;
  onProgress?: (progress: IngestProgress) => void;
  /** Proposes roles (role → column name) once the types are known; `mapping.roles` wins over it. */
  decideRoles?: (columns: ColumnEvidence[]) => Record<string, string>;
}

/** What was found, counted. Single findings stand in the artefacts. */
export interface Finding {
  type: string;
  /** Column name; null where it concerns whole records. */
  column: string | null;
  count: number;
  /** Of rejected records (true) or of rows that load (false). */
  rejected: boolean;
  firstLines: number[];
  message: string;
}

export interface IngestCounts {
  /** accepted + rejected = records, always. */
  records: number;
  accepted: number;
  rejected: number;
  blankLines: number;
  /** Rows that equal an earlier row; they are loaded. */
  duplicates: number;
  /** Single findings on rows that load. */
  anomalies: number;
}

export interface IngestResult {
  columns: Column[];
  /** Role → column name, given and proposed. */
  roles: Record<string, string>;
  counts: IngestCounts;
  dialect: Dialect;
  findings: Finding[];
  manifest: FrameManifestEntry[];
  /** Local files below the work directory. */
  artefacts: {
    /** NDJSON `{line, column, type, value, message}`, rejected records included. */
    anomalies?: string;
    /** CSV: the original header and the original rejected records. */
    rejects?: string;
  };
  /** Milliseconds a step, for logs and benches. */
  timings: Record<string, number>;
}
