import { Transform, type TransformCallback } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { damagedArchive, InflationGuard, type InflationLimits, isGzip } from '@app/frames';

export interface HeadOptions {
  bytes: number;
  inflation: InflationLimits;
  /** Whether gzip content is looked into; else it is content like any other. */
  mayInflate: boolean;
}

/**
 * Lets bytes pass and keeps the first of the text in them, which is what they inflate to where they may. Fails where
 * that grows beyond the limits; `onFull` may end the stream by throwing.
 */
export class HeadTap extends Transform {
  private readonly pieces: Buffer[] = [];
  private missing: number;
  private readonly guard: InflationGuard;
  private gunzip: Gunzip | undefined;
  private begun = false;
  private failure: Error | undefined;

  constructor(
    private readonly options: HeadOptions,
    private readonly onFull: (head: Buffer) => void,
  ) {
    super();
    this.missing = options.bytes;
    this.guard = new InflationGuard(options.inflation);
  }

  /** The first bytes of the text so far; all there are where it was shorter. */
  get head(): Buffer {
    return Buffer.concat(this.pieces);
  }

  /** True where the head is all of the text. To be asked once everything has passed. */
  get complete(): boolean {
    return this.guard.inflated <= this.options.bytes;
  }

  get compression(): 'gzip' | null {
    return this.gunzip === undefined ? null : 'gzip';
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.begun) this.begin(piece);
    this.guard.received += piece.length;
    if (this.gunzip === undefined) {
      this.takeText(piece);
      done(this.failure, piece);
      return;
    }
    this.inflate(this.gunzip, piece, done);
  }

  override _flush(done: TransformCallback): void {
    const { gunzip } = this;
    if (gunzip === undefined) {
      done();
      return;
    }
    gunzip.once('error', (error) => done(this.failure ?? asDamaged(error)));
    gunzip.once('end', () => done(this.failure));
    gunzip.end();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.gunzip?.destroy();
    done(error);
  }

  private begin(first: Buffer): void {
    this.begun = true;
    if (!this.options.mayInflate || !isGzip(first)) return;
    // An error of a write comes to its callback too; without a listener it would end the process.
    this.gunzip = createGunzip().on('error', () => undefined);
    this.gunzip.on('data', (piece: Buffer) => this.takeText(piece));
  }

  /** A write that fails may never call back; the stream tells of it as an event. */
  private inflate(gunzip: Gunzip, piece: Buffer, done: TransformCallback): void {
    let settled = false;
    const settle = (error?: Error | null): void => {
      if (settled) return;
      settled = true;
      gunzip.off('error', settle);
      done(this.failure ?? asDamaged(error), piece);
    };
    gunzip.once('error', settle);
    gunzip.write(piece, settle);
  }

  private takeText(piece: Buffer): void {
    if (this.failure !== undefined) return;
    try {
      if (this.gunzip === undefined) this.guard.inflated += piece.length;
      else this.guard.take(piece.length);
      if (this.missing === 0) return;
      const taken = Buffer.from(piece.subarray(0, this.missing));
      this.pieces.push(taken);
      this.missing -= taken.length;
      if (this.missing === 0) this.onFull(this.head);
    } catch (error) {
      this.failure = error as Error;
    }
  }
}

const asDamaged = (error: Error | null | undefined): Error | null =>
  error === null || error === undefined ? null : damagedArchive(error);
