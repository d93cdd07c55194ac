import type { Column, FoldedUpload, FrameManifestEntry, SourceColumn } from '@app/frames';
import { hidesEarlier, type UploadMode } from '../upload.entity.js';
import { uniteColumns } from './column-union.js';

/** A ready upload with the reading of it that is published. */
export interface ReadyUpload {
  uploadId: string;
  ordinal: number;
  mode: UploadMode;
  keyColumns: string[];
  /** Whether some of its rows have the same key. */
  repeatsKeys: boolean;
  revision: number;
  rowCount: number;
  columns: Column[];
  /** Role → column name. */
  roles: Record<string, string>;
  manifest: FrameManifestEntry[];
  /** Files in place of stored frames, of an upload that is only tried. */
  localPaths?: readonly string[];
}

export interface Fold {
  uploads: FoldedUpload[];
  columns: Column[];
  /** Of two uploads that disagree on a role the earlier is right. */
  roles: Record<string, string>;
}

/**
 * What readers of a dataset see of its ready uploads: in ordinal order, append adds rows, replace and mirror hide all earlier ones; which rows upserts take the place of, their keys decide
 * (`FrameFold`). Total: any set of uploads has a fold, so that any may be undone. Columns are united by name, in the
 * order in which they first appear.
 */
export function foldUploads(ready: readonly ReadyUpload[]): Fold {
  const ordered = [...ready].sort((a, b) => a.ordinal - b.ordinal);
  const visible = ordered.slice(
    Math.max(
      0,
      ordered.findLastIndex(({ mode }) => hidesEarlier(mode)),
    ),
  );
  const columns = unitedColumns(visible);
  return {
    uploads: visible.map(foldedUpload),
    columns,
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

function foldedUpload(upload: ReadyUpload): FoldedUpload {
  const { uploadId, revision, ordinal, mode, keyColumns, repeatsKeys, rowCount, manifest, localPaths } =
    upload;
  const columns = upload.columns.map(({ name, physical, type, storage }): SourceColumn => ({
    name,
    physical,
    type,
    storage,
  }));
  return {
    uploadId,
    revision,
    ordinal,
    mode,
    keyColumns,
    repeatsKeys,
    rowCount,
    columns,
    manifest,
    ...(localPaths !== undefined && { localPaths }),
  };
}
