export const FRAME_ROWS = 65_536;
export const FRAME_RAW_BYTES = 6 * 1024 * 1024;
/** Cells of one frame: wide tables get fewer rows a frame, as Parquet buffers a page for every column. */
const FRAME_CELLS = 4_000_000;

/** Records `[first, first + records)` of those that load make one frame. */
export interface PlannedFrame {
  first: number;
  records: number;
}

/** Frame boundaries from the data alone, so that every attempt plans the same. */
export class FramePlan {
  readonly frames: PlannedFrame[] = [];
  private first = 0;
  private records = 0;
  private bytes = 0;
  private readonly maxRows: number;

  constructor(columns: number) {
    this.maxRows = Math.max(1, Math.min(FRAME_ROWS, Math.floor(FRAME_CELLS / columns)));
  }

  add(bytes: number): void {
    if (this.records === this.maxRows || (this.records > 0 && this.bytes + bytes > FRAME_RAW_BYTES)) {
      this.close();
    }
    this.records += 1;
    this.bytes += bytes;
  }

  finish(): PlannedFrame[] {
    this.close();
    return this.frames;
  }

  private close(): void {
    if (this.records === 0) return;
    this.frames.push({ first: this.first, records: this.records });
    this.first += this.records;
    this.records = 0;
    this.bytes = 0;
  }
}
