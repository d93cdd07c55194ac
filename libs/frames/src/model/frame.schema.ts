import { type Connection, type Model, Schema } from 'mongoose';
import type { ColumnType } from '../columns/column.js';

/** What a frame says of one of its columns. */
export interface FrameColumn {
  name: string;
  physical: string;
  type: ColumnType;
  nulls: number;
  min: string | number | null;
  max: string | number | null;
}

/** One chunk of a table's rows, columnar. Written once, never changed. */
export interface Frame {
  /** `<uploadId>:<revision>:<seq>` */
  _id: string;
  /** Owner: an upload, or a report whose members these are. */
  uploadId: string;
  /** Fence number of the attempt that wrote it. */
  revision: number;
  seq: number;
  /** Number of the first row within its table, from 0. */
  firstRow: number;
  rows: number;
  columns: FrameColumn[];
  codec: 'parquet/snappy';
  /** Of `data`, hex. */
  sha256: string;
  data: Buffer;
}

const columnSchema = new Schema<FrameColumn>(
  {
    name: { type: String, default: '' },
    physical: { type: String, required: true },
    type: { type: String, required: true },
    nulls: { type: Number, required: true },
    min: { type: Schema.Types.Mixed },
    max: { type: Schema.Types.Mixed },
  },
  { _id: false },
);

export const frameSchema = new Schema<Frame>(
  {
    _id: { type: String, required: true },
    uploadId: { type: String, required: true },
    revision: { type: Number, required: true },
    seq: { type: Number, required: true },
    firstRow: { type: Number, required: true },
    rows: { type: Number, required: true },
    columns: { type: [columnSchema], required: true },
    codec: { type: String, required: true },
    sha256: { type: String, required: true },
    data: { type: Buffer, required: true },
  },
  {
    collection: 'frames',
    versionKey: false,
    autoIndex: false,
    bufferCommands: false,
    strict: 'throw',
    strictQuery: 'throw',
    // Frames are acknowledged once they survive a crash of the database.
    writeConcern: { w: 'majority', j: true },
  },
).index({ uploadId: 1, seq: 1 });

export const frameModel = (connection: Connection): Model<Frame> =>
  (connection.models['Frame'] as Model<Frame> | undefined) ?? connection.model<Frame>('Frame', frameSchema);
