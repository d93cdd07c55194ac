import { once } from 'node:events';
import type { Response } from 'express';

/** No stream outlives the access it was opened with for long; clients open it again. */
const LIFETIME_MS = 15 * 60 * 1000;
const HEARTBEAT_MS = 15_000;

/** An answer of server-sent events (HTML standard, 9.2), open until the client goes or its time is over. */
export class EventStream {
  /** Aborted when nothing can or shall be sent any more. */
  readonly ends: AbortSignal;
  private sentAt = Date.now();

  /** Sends the headers. */
  constructor(
    private readonly response: Response,
    shutdown: AbortSignal,
  ) {
    const gone = new AbortController();
    const lifetime = setTimeout(() => gone.abort(), LIFETIME_MS);
    response.once('close', () => {
      clearTimeout(lifetime);
      gone.abort();
    });
    this.ends = AbortSignal.any([gone.signal, shutdown]);
    response.status(200).set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
  }

  /** With an `id` clients that come back may ask for what came after it. Waits for slow clients. */
  async send(event: string, data: object | string, id?: string): Promise<void> {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    await this.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${text}\n\n`);
  }

  /** A comment, where nothing was sent for a while, so that nothing on the way takes the line for dead. */
  async keepAlive(): Promise<void> {
    if (Date.now() - this.sentAt > HEARTBEAT_MS) await this.write(': still here\n\n');
  }

  close(): void {
    this.response.end();
  }

  private async write(text: string): Promise<void> {
    this.sentAt = Date.now();
    if (!this.response.write(text)) await once(this.response, 'drain', { signal: this.ends });
  }
}
