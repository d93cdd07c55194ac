import type { Dialect, DialectOverrides, FileLimits } from './dialect.js';

/** Bytes of a file's head that a preflight looks at. */
export const PREFLIGHT_BYTES = 256 * 1024;

export interface PreflightOptions {
  /** True where `head` is the whole file. */
  complete: boolean;
  overrides?: DialectOverrides;
  limits: Pick<FileLimits, 'maxColumns' | 'maxHeaderLength'>;
  /** Read as this what is neither UTF-8 nor marked UTF-16 (setting `ENCODING`). */
  fallbackEncoding?: string;
}

export interface Preflight {
  dialect: Dialect;
  /** The header's texts as they stand in the file. */
  headers: string[];
  /** Unique names, one a header. */
  names: string[];
  /** The first records, at most 20, as text. */
  preview: string[][];
}
