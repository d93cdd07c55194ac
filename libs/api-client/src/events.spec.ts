import { describe, expect, it } from 'vitest';
import { readEvents } from './events.js';

async function read(...chunks: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const events = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

describe('a stream of events', () => {
  it('is read whatever the borders of its chunks', async () => {
    const text = 'event: task\nid: 7\ndata: {"name":"Zoë"}\n\n: still here\n\ndata: a\ndata: b\n\n';
    const expected = [
      { event: 'task', data: '{"name":"Zoë"}', id: '7' },
      { event: 'message', data: 'a\nb', id: undefined },
    ];
    expect(await read(text)).toEqual(expected);
    expect(await read(...Array.from(text))).toEqual(expected);
  });

  it('ends without the event it was cut in', async () => {
    expect(await read('data: whole\n\n', 'data: ha')).toEqual([
      { event: 'message', data: 'whole', id: undefined },
    ]);
  });
});
