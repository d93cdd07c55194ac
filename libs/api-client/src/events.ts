/** One event of a stream as the HTML standard defines it (9.2 Server-sent events). */
export interface StreamEvent {
  event: string;
  data: string;
  id: string | undefined;
}

/**
 * The events of an answer of type `text/event-stream`, until it ends.
 * Fetch, and not EventSource, since that one cannot send an `Authorization` header.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  let pending = '';
  for await (const chunk of chunksOf(body)) {
    pending += chunk;
    const blocks = pending.split(/\r\n\r\n|\n\n|\r\r/);
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event !== undefined) yield event;
    }
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): StreamEvent | undefined {
  const fields = block.split(/\r\n|\n|\r/).flatMap((line) => {
    const colon = line.indexOf(':');
    // A line that begins with a colon is a comment, with which the api keeps the connection alive.
    if (colon === 0) return [];
    const [name, value] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
    return [[name, value.replace(/^ /, '')] as const];
  });
  const valuesOf = (wanted: string) => fields.flatMap(([name, value]) => (name === wanted ? [value] : []));
  const data = valuesOf('data');
  if (data.length === 0) return undefined;
  return { event: valuesOf('event').at(-1) ?? 'message', data: data.join('\n'), id: valuesOf('id').at(-1) };
}
