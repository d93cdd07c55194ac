import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { ForbiddenAddress, guardedLookup } from './guarded-lookup.js';
import { faultOf } from './target-rules.js';

/** What a receiver answered. Its body is read and thrown away: nobody shall see what stands behind an address. */
export interface Reply {
  status: number;
  /** Milliseconds for which it asks to be left alone; 0 for nothing. */
  retryAfterMs: number;
}

const DEADLINE_MS = 10_000;
const MAX_REPLY_BYTES = 64 * 1024;

/** Sends to addresses that customers name, and to nothing in the networks around this machine. */
@Injectable()
export class Sender {
  readonly allowPrivate: boolean;

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.allowPrivate = settings.deliveries.allowPrivateWebhooks;
  }

  /**
   * One POST, without following redirects, over within ten seconds.
   * @throws ForbiddenAddress before anything is connected; else what went wrong on the line
   */
  async post(
    address: string,
    body: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Reply> {
    const url = new URL(address);
    if (faultOf(url, this.allowPrivate) !== null) throw new ForbiddenAddress();
    const late = new AbortController();
    const deadline = setTimeout(() => late.abort(), DEADLINE_MS);
    try {
      const reply = await this.request(url, body, headers, AbortSignal.any([signal, late.signal]));
      const { statusCode = 0 } = reply;
      await discard(reply);
      return { status: statusCode, retryAfterMs: retryAfterOf(reply.headers['retry-after'], Date.now()) };
    } finally {
      clearTimeout(deadline);
    }
  }

  private request(
    url: URL,
    body: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const sent = send(url, {
        method: 'POST',
        // A connection of its own: none that was looked up earlier is used again.
        agent: false,
        headers: { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' },
        signal,
        ...(this.allowPrivate ? {} : { lookup: guardedLookup() }),
      });
      sent.once('response', resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** Reads as much as is reasonable, for the sake of the one who writes it. */
async function discard(reply: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of reply) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_REPLY_BYTES) break;
    }
  } catch {
    // The status is known; what came after it does not matter.
  }
  reply.destroy();
}

/** Seconds or a date (RFC 9110, 10.2.3) as milliseconds from now; 0 for anything else. */
export function retryAfterOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  // As HTTP writes dates; the parser would read more into other texts.
  const date = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
