import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '@app/problems';
import { FileSystemBlobStore } from '@app/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FormListener, FormReception, type ReceivedForm } from './form-reception.js';

const MAX_BYTES = 1024 * 1024;
const BOUNDARY = 'XBOUNDARYX';

const field = (name: string, value: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const fileHead = (name = 'file', fileName = 'sales.csv'): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: text/csv\r\n\r\n`;
const END = `\r\n--${BOUNDARY}--\r\n`;

let directory: string;
let server: Server;
let received: ReceivedForm | undefined;
/** Settles when the reception has ended, one way or the other. */
let outcome: Promise<unknown>;
let listener: Partial<FormListener>;

const left = (): Promise<string[]> => readdir(join(directory, 'incoming'));
const port = (): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reception-'));
  const store = new FileSystemBlobStore(directory);
  await store.prepare();
  received = undefined;
  listener = {};
  const ended = new EventEmitter();
  outcome = once(ended, 'end').then(([result]) => result as unknown);
  server = createServer((incoming, response) => {
    const reception = new FormReception(incoming, {
      maxFormBytes: 2 * MAX_BYTES,
      inflation: { maxUploadBytes: MAX_BYTES, maxInflateRatio: 10 },
      admit: () => () => undefined,
      stage: (source) => store.stage(source, { maxBytes: MAX_BYTES }),
      discard: (staged) => store.discard(staged),
      onField: async () => undefined,
      onHead: () => undefined,
      ...listener,
    });
    void answer(reception, response).then((result) => ended.emit('end', result));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true, force: true });
});

async function answer(reception: FormReception, response: ServerResponse): Promise<unknown> {
  try {
    received = await reception.receive();
    response.end('ok');
    return 'ok';
  } catch (error) {
    response.statusCode = (error as Problem).status;
    response.end();
    return error;
  }
}

function post(body: string | Buffer, contentType = `multipart/form-data; boundary=${BOUNDARY}`) {
  return fetch(`http://127.0.0.1:${port()}/`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

describe('the reception of a form', () => {
  it('takes fields before and after the file, and keeps the head of the file', async () => {
    const answer = await post(
      `${field('a', '1')}${fileHead()}x,y\n1,2\n\r\n${field('b', 'ü')}${END.slice(2)}`,
    );
    expect(answer.status).toBe(200);
    expect([...(received?.fields ?? [])]).toEqual([
      ['a', '1'],
      ['b', 'ü'],
    ]);
    expect(received?.files[0].head.toString()).toBe('x,y\n1,2\n');
    expect(received?.files[0].staged.sizeBytes).toBe(8);
    expect(received?.files[0].fileName).toBe('sales.csv');
  });

  it('never takes a path or control characters for a file name', async () => {
    await post(`${fileHead('file', '../../etc/pass\u0001wd')}a\n${END}`);
    expect(received?.files[0].fileName).toBe('passwd');
  });

  it.each([
    ['something that is no form', 'text/csv', 'a,b\n1,2\n', 415],
    ['a form without a boundary', 'multipart/form-data', 'a', 400],
    ['a form without a file', undefined, `${field('a', '1')}--${BOUNDARY}--\r\n`, 400],
    ['a file in another part', undefined, `${fileHead('upload')}a\n1${END}`, 400],
    ['two files', undefined, `${fileHead()}a\n1\r\n${fileHead()}b\n1${END}`, 400],
    ['a field given twice', undefined, `${field('a', '1')}${field('a', '2')}${fileHead()}a${END}`, 400],
    ['a form that just ends', undefined, `${field('a', '1')}${fileHead()}a,b\n1,2`, 400],
    ['too many fields', undefined, Array.from({ length: 30 }, (_, i) => field(`f${i}`, '')).join(''), 400],
    ['a field that is too long', undefined, `${field('a', 'x'.repeat(300_000))}${fileHead()}a${END}`, 400],
  ])('refuses %s and leaves nothing', async (_what, contentType, body, status) => {
    const answer = await post(body, contentType);
    expect(answer.status).toBe(status);
    expect(await left()).toEqual([]);
  });

  it('refuses a file over the limit, and the client that is still sending reads the answer', async () => {
    const answer = await post(
      Buffer.concat([Buffer.from(fileHead()), Buffer.alloc(MAX_BYTES + 500_000, 'a'), Buffer.from(END)]),
    );
    expect(answer.status).toBe(413);
    expect(await left()).toEqual([]);
  });

  it('refuses a form that says it is too long before it is read', async () => {
    const status = await new Promise((resolve, reject) => {
      const call = request({
        port: port(),
        method: 'POST',
        headers: {
          'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
          'content-length': 5 * MAX_BYTES,
        },
      });
      call.on('response', (response) => resolve(response.statusCode)).on('error', reject);
      call.write(fileHead());
    });
    expect(status).toBe(413);
  });

  it('refuses at once what a field or the head of the file gives away', async () => {
    listener.onField = async (name) => {
      if (name === 'customerId') throw new Problem('not_found', 'stranger');
    };
    expect((await post(`${field('customerId', 'x')}${fileHead()}a${END}`)).status).toBe(404);
    listener = {
      onHead: () => {
        throw new Problem('unsupported_media_type', 'a zip');
      },
    };
    const answer = await post(
      Buffer.concat([Buffer.from(fileHead()), Buffer.alloc(600_000, 'a'), Buffer.from(END)]),
    );
    expect(answer.status).toBe(415);
    expect(await left()).toEqual([]);
  });

  it('leaves nothing of a file whose connection is cut', async () => {
    const socket = connect(port(), '127.0.0.1');
    socket.on('error', () => undefined);
    const body = `${fileHead()}${'a,b\n'.repeat(50_000)}`;
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: ${body.length * 2}\r\n\r\n${body}`,
    );
    while ((await left()).length === 0) await delay(5);
    socket.destroy();
    expect(await outcome).toMatchObject({ code: 'invalid_parameter' });
    expect(await left()).toEqual([]);
  });
});
