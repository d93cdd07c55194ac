import type { ConsumeMessage } from 'amqplib';
import { assert, jsonValue, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEnvelope, requestIdOf, taskMessage } from './envelope.js';

const TASK_ID = '01a2006a-f440-73e2-9ff0-ca21d33729d0';

describe('D14: an envelope', () => {
  test('is read as it was written', () => {
    const message = taskMessage('ingest', TASK_ID);
    expect(readEnvelope(Buffer.from(JSON.stringify(message)))).toEqual(message);
  });

  test('of any bytes is read without a throw', () => {
    assert(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readEnvelope(Buffer.from(bytes))).toBeNull();
      }),
    );
  });

  test('of any JSON is none unless it names a task', () => {
    assert(
      property(jsonValue(), (value) => {
        expect(readEnvelope(Buffer.from(JSON.stringify(value)))).toBeNull();
      }),
    );
  });
});

const withHeaders = (headers: unknown) => ({ properties: { headers } }) as ConsumeMessage;

describe('the request id of a message', () => {
  test('is what the sender gave', () => {
    expect(requestIdOf(withHeaders({ 'x-request-id': 'a.b:c-1' }))).toBe('a.b:c-1');
  });

  test.each([undefined, {}, { 'x-request-id': 5 }, { 'x-request-id': 'a\nb' }, { 'x-request-id': '' }])(
    'is a new one where it gave none that is well-formed: %o',
    (headers) => {
      expect(requestIdOf(withHeaders(headers))).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});
