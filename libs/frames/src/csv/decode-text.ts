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
