import { readEvents, type StreamEvent } from '@app/api-client';
import type { JsonBody } from './api-client.js';

export interface ReadEvent {
  event: string;
  id: string | undefined;
  data: JsonBody;
}

/** `GET /events` as one who can be cut off: keeps what came, and the id of the last event. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  lastId: string | undefined;
  private cutter = new AbortController();
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly token: string) {}

  /** Opens the stream where the one before broke off, and reads on in the background. */
  async open(baseUrl: string, after = this.lastId): Promise<void> {
    this.cutter = new AbortController();
    const response = await fetch(`${baseUrl}/api/v1/events`, {
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(after !== undefined && { 'last-event-id': after }),
      },
      signal: this.cutter.signal,
    });
    if (!response.ok || response.body === null) throw new Error(`events: ${response.status}`);
    this.reading = this.read(readEvents(response.body)).catch(() => undefined);
  }

  /** As a line that breaks: what was on its way is lost. */
  async cut(): Promise<void> {
    this.cutter.abort();
    await this.reading;
  }

  of(event: string): ReadEvent[] {
    return this.events.filter((candidate) => candidate.event === event);
  }

  private async read(events: AsyncIterable<StreamEvent>): Promise<void> {
    for await (const { event, id, data } of events) {
      if (id !== undefined) this.lastId = id;
      this.events.push({ event, id, data: JSON.parse(data) });
    }
  }
}
