import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from './harness/app-process.js';
import { startSystem, type System, unique } from './harness/index.js';

const API = fileURLToPath(new URL('../../dist/apps/api/src/main.js', import.meta.url));
const COMMAND = fileURLToPath(
  new URL('../../dist/apps/api/src/commands/create-administrator.js', import.meta.url),
);

let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const create = async (...parameters: string[]): Promise<string> => {
  const run = promisify(execFile)(process.execPath, [COMMAND, ...parameters], { env: system.environment });
  return (await run).stdout;
};

const startAgain = async (changes: Record<string, string>): Promise<string> => {
  const { process } = await AppProcess.start('api', API, { ...system.environment, ...changes });
  await process.stop();
  return process.output.join('\n');
};

describe('create-administrator', () => {
  it('makes an administrator and prints the password once', async () => {
    const email = `${unique('Root')}@example.com`;
    const password = /^Password +(\S{24})$/m.exec(await create(email))?.[1] ?? '';
    const { api } = await system.make.signIn(email.toLowerCase(), password);
    expect((await api.get('/users')).status).toBe(200);
    expect(await create(email)).toMatch(/has an account already.*keeps its password/);
    await expect(system.make.signIn(email.toLowerCase(), password)).resolves.toBeDefined();
  });

  it('makes one of a user who is there', async () => {
    const user = await system.make.user();
    expect((await user.api.get('/users')).status).toBe(403);
    await create(user.email);
    expect((await user.api.get('/users')).status).toBe(200);
  });

  it.each([[[]], [['no address']]])('says how it is called: %j', async (parameters) => {
    await expect(create(...parameters)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('usage:'),
    });
  });
});

describe('an api that starts', () => {
  it('does not make a second first administrator, nor change the password of the first', async () => {
    await startAgain({ ADMIN_EMAIL: 'second@example.com', ADMIN_PASSWORD: 'another sea shell' });
    await startAgain({ ADMIN_PASSWORD: 'another sea shell' });
    const { rows } = await system.database.query(`SELECT 1 FROM users WHERE email = 'second@example.com'`);
    expect(rows).toEqual([]);
    await expect(system.make.signIn(system.admin.email, system.admin.password)).resolves.toBeDefined();
  });

  it('says how to make the first administrator where there is none', async () => {
    await system.database.query('UPDATE users SET is_admin = false');
    const output = await startAgain({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' });
    expect(output).toContain('npm run admin -- create <email>');
  });

  it('S15: does not start with a first password that is guessed first', async () => {
    await expect(
      startAgain({ ADMIN_EMAIL: 'second@example.com', ADMIN_PASSWORD: 'password123' }),
    ).rejects.toThrow('guessed first');
  });
});
