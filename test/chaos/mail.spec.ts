import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectStatus, until } from '../e2e/harness/index.js';
import { MailServer } from '../e2e/harness/mail-server.js';
import {
  emptyDataset,
  expectClean,
  figure,
  openScene,
  randomNumbers,
  repeat,
  type Scene,
  settled,
  startWorker,
  times,
  Workload,
} from './harness/index.js';

/** A mail is on its way this long where the machine is idle; a kill is to come before as often as after. */
const MAIL_MS = 40;
const MEMBERS = 3;

let mail: MailServer;
let scene: Scene;
beforeAll(async () => {
  mail = await MailServer.start();
  const retries = Array.from({ length: 50 }, () => 1).join(',');
  scene = await openScene({ env: { SMTP_URL: mail.url, DELIVERY_RETRY_SECONDS: retries } });
});
afterAll(async () => {
  await scene.system.stop();
  await mail.stop();
});

const count = async (where: string): Promise<number> =>
  (await scene.system.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${where}`))
    .rows[0]?.count ?? 0;

it('D12: mails reach everybody though workers are killed that send them, and few of them twice', async () => {
  const choices = `/customers/${scene.customerId}/notification-choices`;
  expectStatus(await scene.api.patch(choices, { events: { 'upload.ready': ['email'] } }), 200);
  const random = randomNumbers('D12');
  const workload = new Workload(await emptyDataset(scene), 'D12 files', 5);
  const kills = times(3, 50);
  const files = times(8, 334);
  for (let file = 0; file < files; file += 1) await workload.upload(scene.api);
  // Between two kills about as many mails are sent as there are for each of them.
  const share = (files * MEMBERS) / (kills + 1);
  const killed = await repeat(kills, async (index) => {
    const worker = await startWorker(scene);
    await until(
      'the worker to have sent some mails',
      async () => mail.count >= Math.floor(index * share),
      240_000,
    );
    await until(
      'a mail to be on its way',
      async () =>
        (await count("tasks WHERE kind = 'delivery' AND status = 'running'")) > 0 ||
        (await count("tasks WHERE status IN ('queued', 'running')")) === 0,
    );
    await sleep(random() * MAIL_MS);
    await worker.kill();
  });
  const last = await startWorker(scene);
  await settled(scene.system);
  await last.kill();
  await expectClean(scene.system, scene.api, workload.datasetId, workload.operations);
  const sent = await count('deliveries');
  expect(sent).toBe(files * MEMBERS);
  expect(await count("deliveries WHERE status = 'delivered'")).toBe(sent);
  // The Message-ID names the delivery in every attempt.
  expect(mail.messageIds.size).toBe(sent);
  const twice = mail.count - sent;
  expect(twice).toBeLessThanOrEqual(killed);
  figure(
    'D12',
    `${sent} mails, ${killed} workers killed that were sending them: 0 lost, ${twice} sent twice under one Message-ID ` +
      `(${((twice / sent) * 1000).toFixed(1)} of 1,000)`,
  );
});
