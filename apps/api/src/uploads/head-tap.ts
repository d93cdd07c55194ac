import { Transform, type TransformCallback } from 'node:stream';

/** Lets bytes pass and keeps the first of them; `onFull` may end the stream by throwing. */
export class HeadTap extends Transform {
  private readonly pieces: Buffer[] = [];
  private missing: number;

  constructor(
    bytes: number,
    private readonly onFull: (head: Buffer) => void,
  ) {
    super();
    this.missing = bytes;
  }

  /** The first bytes so far; all there are where the stream was shorter. */
  get head(): Buffer {
    return Buffer.concat(this.pieces);
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.missing === 0) {
      done(null, piece);
      return;
    }
    const taken = piece.subarray(0, this.missing);
    this.pieces.push(taken);
    this.missing -= taken.length;
    try {
      if (this.missing === 0) this.onFull(this.head);
      done(null, piece);
    } catch (error) {
      done(error as Error);
    }
  }
}
