export interface DecodeOptions {
  /** Throw where bytes are no text, instead of writing U+FFFD. */
  fatal: boolean;
  /** False where the bytes may end within a character. */
  complete: boolean;
}

/**
 * Bytes as text, without taking away a byte order mark. Asked for all at once, Node's decoder reads windows-1252 as
 * Latin-1 and so loses the euro sign (seen in 20.20); asked for a part, it reads it right.
 * @throws TypeError for bytes that are no text, where that is fatal
 */
export function decodeText(bytes: Uint8Array, encoding: string, { fatal, complete }: DecodeOptions): string {
  const decoder = new TextDecoder(encoding, { fatal, ignoreBOM: true });
  const text = decoder.decode(bytes, { stream: true });
  return complete ? text + decoder.decode() : text;
}

/**
 * The text of bytes that come in pieces, without a byte order mark.
 * @throws TypeError for bytes that are no text
 */
export async function* decodePieces(
  pieces: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
