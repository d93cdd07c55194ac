import { pathToFileURL, fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { AppProcess } from '../../e2e/harness/app-process.js';
import { type ApiClient, expectStatus, startSystem, type System, unique } from '../../e2e/harness/index.js';

export { administrator, CLEAN, expectAgreement, expectClean, settled, verdictOf } from './checker.js';
export { FaultProxy } from './fault-proxy.js';
export { clock, figure, isFull, isSoak, randomNumbers, seed, times } from './profile.js';
export { repeat } from './repeat.js';
export { type Operation, Workload } from './workload.js';

export const API = fileURLToPath(new URL('../../../dist/apps/api/src/main.js', import.meta.url));
export const WORKER = fileURLToPath(new URL('../../../dist/apps/ingest-worker/src/main.js', import.meta.url));
const ARM = new URL('arm-failpoint.mjs', pathToFileURL(`${import.meta.dirname}/`)).href;

export const LEASE_SECONDS = 2;
/**
 * Kills are what the runs consist of: none of them is to be taken for a file that kills its worker. And they last longer
 * than a quarter of an hour.
 */
const HARDENED = {
  TASK_LEASE_SECONDS: String(LEASE_SECONDS),
  TASK_SWEEP_SECONDS: '1',
  TASK_MAX_CRASHES: '1000',
  ACCESS_TOKEN_EXPIRE_DAYS: '1',
};

export interface Scene {
  system: System;
  /** The api with a key that outlives every run. */
  api: ApiClient;
  key: string;
  customerId: string;
}

/** A system of its own with one customer. */
export async function openScene(
  options: { workers?: number; env?: Record<string, string> } = {},
): Promise<Scene> {
  const system = await startSystem({
    workers: options.workers ?? 0,
    env: { ...HARDENED, TASK_MAX_ATTEMPTS: '1000', LOG_LEVEL: 'info', ...options.env },
  });
  const { customerId, owner } = await system.make.tenant();
  const key = expectStatus(
    await owner.api.post('/api-keys', { customerId, role: 'owner', name: unique('chaos') }),
    201,
  );
  return { system, api: system.api.as(key.key), key: key.key, customerId };
}

export async function emptyDataset({ api, customerId }: Scene): Promise<string> {
  return expectStatus(await api.post('/datasets', { customerId, name: unique('chaos') }), 201).id;
}

/** Environment of a process that dies at a failpoint. */
export const dyingAt = (failpoint: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${ARM}`,
  CHAOS_FAILPOINT: failpoint,
});

/** A further worker of the same system, which whoever starts it ends. */
export const startWorker = async ({ system }: Scene, env: Record<string, string> = {}): Promise<AppProcess> =>
  (await AppProcess.start('worker', WORKER, { ...system.environment, ...env })).process;

/** A further api of the same system. */
export async function anotherApi(
  { system }: Scene,
  env: Record<string, string> = {},
): Promise<{ process: AppProcess; url: string }> {
  return AppProcess.start('api', API, { ...system.environment, ...env });
}

export async function control(
  action: 'stop' | 'kill' | 'start',
  service: 'postgres' | 'mongo' | 'rabbitmq' | 'redis',
): Promise<void> {
  const answer = await fetch(`${process.env['SERVICES_CONTROL_URL']}/${action}/${service}`, {
    method: 'POST',
  });
  expect([service, action, answer.status]).toEqual([service, action, 204]);
}
