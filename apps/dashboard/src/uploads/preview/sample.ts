/** Of a larger file this much is tried out: enough for its dialect, types and roles. */
export const SAMPLE_BYTES = 1_000_000;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** The head of a file up to a line's end; a small file as it is. What is compressed is unpacked. */
export async function sampleOf(file: File): Promise<File> {
  if (file.size <= SAMPLE_BYTES) return file;
  const isPacked = file.name.toLowerCase().endsWith('.gz');
  const head = isPacked
    ? await firstBytes(file.stream().pipeThrough(new DecompressionStream('gzip')))
    : new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer());
  return new File([head.slice(0, wholeLines(head))], file.name.replace(/\.gz$/i, ''), { type: 'text/csv' });
}

/** @returns how many of the bytes are whole lines; all of them where no line ends */
export function wholeLines(bytes: Uint8Array): number {
  const feed = bytes.lastIndexOf(LINE_FEED);
  const last = feed >= 0 ? feed : bytes.lastIndexOf(CARRIAGE_RETURN);
  if (last < 0) return bytes.length;
  // In UTF-16 of this order a character's second byte follows.
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return Math.min(last + (isWide ? 2 : 1), bytes.length);
}

async function firstBytes(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const bytes = new Uint8Array(SAMPLE_BYTES);
  let length = 0;
  while (length < SAMPLE_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.set(value.subarray(0, SAMPLE_BYTES - length), length);
    length += value.length;
  }
  await reader.cancel();
  return bytes.slice(0, Math.min(length, SAMPLE_BYTES));
}
