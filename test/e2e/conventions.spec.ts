import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System, until } from './harness/index.js';

const control = process.env['SERVICES_CONTROL_URL'];
const PROBLEM_KEYS = ['code', 'detail', 'fields', 'requestId', 'status', 'title', 'type'];

let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

describe('every answer that is no success', () => {
  const cases = [
    ['an unknown address', 'GET', '/nowhere', undefined, 404, 'not_found'],
    ['an address outside the prefix', 'GET', '/health/nowhere', undefined, 404, 'not_found'],
    ['a wrong method', 'PUT', '/auth/login', undefined, 405, 'method_not_allowed'],
    ['a wrong method outside the prefix', 'POST', '/health/live', undefined, 405, 'method_not_allowed'],
    ['malformed JSON', 'POST', '/auth/login', '{"email":', 400, 'invalid_parameter'],
    ['a body over 1 MiB', 'POST', '/auth/login', `"${'x'.repeat(1024 ** 2)}"`, 413, 'payload_too_large'],
    ['a missing field', 'POST', '/auth/login', '{}', 400, 'invalid_parameter'],
    ['no token', 'GET', '/customers', undefined, 401, 'authentication_required'],
  ] as const;

  it.each(cases)('%s is a problem', async (_name, method, path, body, status, code) => {
    const answer = await system.api.send(method, path, {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Object.keys(answer.body).toSorted()).toEqual(PROBLEM_KEYS);
    expect(answer.body).toMatchObject({ status, code, requestId: answer.headers.get('x-request-id') });
    expect(answer.text).not.toMatch(/node_modules|\.js:\d|SELECT/);
  });

  it('405 names what is possible', async () => {
    const answer = await system.api.put('/auth/login', {});
    expect(answer.headers.get('allow')).toBe('POST');
  });
});

describe('X-Request-ID', () => {
  it.each(['frontend-123', 'a:b.c_d-9'])('%s is taken and given back', async (id) => {
    const answer = await system.api.get('/nowhere', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(answer.body.requestId).toBe(id);
  });

  it.each(['with space', 'x'.repeat(129), '{}'])('%s is replaced', async (id) => {
    const answer = await system.api.get('/nowhere', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('addresses', () => {
  it('answer with and without a trailing slash', async () => {
    for (const path of ['/customers', '/customers/'])
      expect((await system.admin.api.get(path)).status).toBe(200);
  });

  it('serve the contract and its page', async () => {
    const document = await system.api.get('/api/openapi.json');
    expect(document.body.openapi).toMatch(/^3\./);
    const page = await system.api.get('/api/docs');
    expect(page.status).toBe(200);
    expect(page.text).toContain('swagger-ui');
  });
});

const ready = () => system.api.get('/health/ready');

describe('readiness (L7, L11)', () => {
  const order = async (action: string, service: string): Promise<void> => {
    const response = await fetch(`${control}/${action}/${service}`, { method: 'POST' });
    if (!response.ok) throw new Error(`${action} ${service}: ${await response.text()}`);
  };

  it('names every dependency', async () => {
    const { status, body } = await ready();
    expect(status).toBe(200);
    expect(Object.keys(body.dependencies)).toEqual(
      expect.arrayContaining(['postgres', 'storage', 'mongodb', 'rabbitmq']),
    );
  });

  it.skipIf(control === undefined)(
    'without the broker it is degraded, and well again afterwards',
    async () => {
      await order('stop', 'rabbitmq');
      try {
        await until('the loss to show', async () => {
          const { status, body } = await ready();
          expect(status).toBe(200);
          return body.status === 'degraded' && body.dependencies.rabbitmq.status === 'down';
        });
      } finally {
        await order('start', 'rabbitmq');
      }
      await until(
        'the return to show',
        async () => (await ready()).body.dependencies.rabbitmq.status === 'up',
      );
    },
  );

  it.skipIf(control === undefined)(
    'without Postgres it answers 503, while the process stays alive',
    async () => {
      await order('stop', 'postgres');
      try {
        await until('the loss to show', async () => (await ready()).status === 503);
        expect((await system.api.get('/health/live')).status).toBe(200);
      } finally {
        await order('start', 'postgres');
      }
      await until('the return to show', async () => (await ready()).status === 200);
    },
  );
});
