/** One stored frame as its publisher names it; a reader takes no other. */
export interface FrameManifestEntry {
  seq: number;
  /** Number of the frame's first row within its upload, from 0. */
  firstRow: number;
  rows: number;
  bytes: number;
  sha256: string;
}
