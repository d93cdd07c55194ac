import type { Column, FrameManifestEntry, SourceColumn, VisibleUpload } from '@app/frames';
import type { UploadMode } from '../upload.entity.js';
import { uniteColumns } from './column-union.js';

/** A ready upload with the reading of it that is published. */
export interface ReadyUpload {
  uploadId: string;
  ordinal: number;
  mode: UploadMode;
  revision: number;
  rowCount: number;
  columns: Column[];
  /** Role → column name. */
  roles: Record<string, string>;
  manifest: FrameManifestEntry[];
}

export interface Fold {
  uploads: VisibleUpload[];
  columns: Column[];
  rowCount: number;
  /** Of two uploads that disagree on a role the earlier is right. */
  roles: Record<string, string>;
}

/**
 * What readers of a dataset see of its ready uploads (semantics: "Versions and modes"): in ordinal order,
 * append adds rows, replace hides all earlier ones. Total: any set of uploads has a fold, so that any may be
 * undone. Columns are united by name, in the order in which they first appear.
 */
export function foldUploads(ready: readonly ReadyUpload[]): Fold {
  const ordered = [...ready].sort((a, b) => a.ordinal - b.ordinal);
  const visible = ordered.slice(
    Math.max(
      0,
      ordered.findLastIndex(({ mode }) => mode === 'replace'),
    ),
  );
  const columns = unitedColumns(visible);
  return {
    uploads: visible.map(visibleUpload),
    columns,
    rowCount: visible.reduce((sum, { rowCount }) => sum + rowCount, 0),
    roles: Object.fromEntries(visible.toReversed().flatMap(({ roles }) => Object.entries(roles))),
  };
}

function unitedColumns(visible: readonly ReadyUpload[]): Column[] {
  const united = new Map<string, { column: Column; rows: number }>();
  for (const upload of visible) {
    for (const column of upload.columns) {
      const earlier = united.get(column.name);
      united.set(column.name, {
        column:
          earlier === undefined
            ? { ...column, physical: `c${united.size}` }
            : uniteColumns(earlier.column, column),
        rows: (earlier?.rows ?? 0) + upload.rowCount,
      });
    }
  }
  const allRows = visible.reduce((sum, { rowCount }) => sum + rowCount, 0);
  // Rows of an upload that lacks a column have null there.
  return [...united.values()].map(({ column, rows }) => ({
    ...column,
    nulls: column.nulls + allRows - rows,
  }));
}

function visibleUpload(upload: ReadyUpload): VisibleUpload {
  const { uploadId, revision, ordinal, mode, rowCount, manifest } = upload;
  const columns = upload.columns.map(({ name, physical, type, storage }): SourceColumn => ({
    name,
    physical,
    type,
    storage,
  }));
  return { uploadId, revision, ordinal, mode, rowCount, columns, manifest };
}
