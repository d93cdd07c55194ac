import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * A form with one file as a stream, so that its progress can be seen and its size does not matter.
 * @param {Record<string, string>} fields
 * @param {{ path: string, name?: string, onBytes: (sent: number) => void }} file
 * @returns {{ contentType: string, body: AsyncIterable<Buffer> }}
 */
export function multipartForm(fields, file) {
  const boundary = `datacore-${randomBytes(12).toString('hex')}`;
  async function* body() {
    for (const [name, value] of Object.entries(fields)) {
      yield Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
    }
    const name = (file.name ?? path.basename(file.path)).replaceAll('"', '%22');
    yield Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
        'Content-Type: text/csv\r\n\r\n',
    );
    let sent = 0;
    for await (const chunk of fs.createReadStream(file.path)) {
      yield chunk;
      sent += chunk.length;
      file.onBytes(sent);
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: body() };
}
