import type { Column, ColumnType, Mapping } from '../columns/column.js';
import type { ColumnEvidence } from '../columns/evidence.js';
import type { Dialect, DialectOverrides, FileLimits } from '../csv/dialect.js';
import type { Finding } from '../findings/finding.js';
import type { FrameManifestEntry } from '../model/manifest.js';

export interface IngestProgress {
  done: number;
  total: number;
  unit: 'bytes' | 'rows';
}

/** A column whose type was decided. */
export interface ReviewedColumn {
  name: string;
  type: ColumnType;
  /** Values that are not empty. */
  values: number;
  /** Of these, values that do not fit a demanded type. */
  misfits: number;
}

/** What is known of the columns once their names are. */
export interface ReadingSchema {
  /** Unique, one a column of the file, in its order. */
  names: string[];
  mapping?: Partial<Mapping> | undefined;
  /** The dataset's columns, where it has any: their types are demanded of columns with the same names. */
  existingColumns?: Column[] | undefined;
  /** Names of the columns that make the key: a record without it is rejected, the last row of a key counts. */
  keyColumns?: readonly string[] | undefined;
  /** Proposes roles (role → column name) once the types are known; `mapping.roles` wins over it. */
  decideRoles?: (columns: ColumnEvidence[]) => Record<string, string>;
  /** Looks at the decided types before anything is rejected or stored; throws where the file is not to be loaded. */
  review?: (columns: ReviewedColumn[]) => void;
}

export const DUPLICATE_POLICIES = ['keep', 'drop'] as const;
export type DuplicatePolicy = (typeof DUPLICATE_POLICIES)[number];

export interface IngestRequest extends Partial<Omit<ReadingSchema, 'names'>> {
  /** The uploaded file; only read. */
  path: string;
  uploadId: string;
  /** Fence number of the attempt: no other attempt writes the same frames. */
  revision: number;
  overrides?: DialectOverrides | undefined;
  /** Told the names in the file: what it answers takes the place of what the request says of columns. */
  schema?: ((names: readonly string[]) => ReadingSchema) | undefined;
  limits: FileLimits;
  fallbackEncoding?: string;
  /** When the file came in: later dates are said to lie in the future. Default now. */
  receivedAt?: Date | undefined;
  /** What becomes of a row that equals another one; default `keep`. */
  duplicates?: DuplicatePolicy | undefined;
  /** A larger share of rejected records, 0…1, refuses the file; any is allowed where it is undefined. */
  maxRejectedShare?: number | undefined;
  /** Zone of the store, IANA: times that come with an offset are kept as its local time, as all others are. Default UTC. */
  timezone?: string;
  /** Existing, private, generated directory; the caller removes it once the artefacts are taken. */
  workDirectory: string;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: IngestProgress) => void;
}

export interface IngestCounts {
  /** accepted + rejected = records, always. */
  records: number;
  accepted: number;
  rejected: number;
  blankLines: number;
  /** Rows that equal an earlier row. */
  duplicates: number;
  /** Of these, accepted but not stored. */
  dropped: number;
  /** Rows whose key a later row of the file has too: they are stored, but the later row counts. */
  repeatedKeys: number;
  /** Single findings on rows that load. */
  anomalies: number;
}

export interface IngestResult {
  columns: Column[];
  /** Rows stored: those accepted without those dropped. */
  rowCount: number;
  /** Role → column name, given and proposed. */
  roles: Record<string, string>;
  counts: IngestCounts;
  dialect: Dialect;
  findings: Finding[];
  manifest: FrameManifestEntry[];
  /** Local files below the work directory. */
  artefacts: {
    /** The single findings, rejected records included, for FindingLists. */
    anomalies?: string;
    /** CSV: the original header and the original rejected records. */
    rejects?: string;
  };
  /** Milliseconds a step, for logs and benches. */
  timings: Record<string, number>;
}

/** What ingesting a file would give; nothing of it is stored. */
export interface IngestPreview extends IngestResult {
  /** The frames as local files, in the order of the manifest. */
  paths: string[];
}
