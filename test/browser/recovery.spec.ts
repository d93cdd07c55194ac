import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from '../e2e/harness/index.js';
import { chromiumPath, launch, Visitor } from './harness/index.js';

const executable = chromiumPath();
const ROWS = 300_000;
let system: System;
let browser: Browser;
let visitor: Visitor;
let tenant: Tenant;

/** Large enough to be still in the making when its worker dies. */
function largeFile(): Buffer {
  const seed = unique('shopper');
  const lines = Array.from(
    { length: ROWS },
    (_, row) => `${seed}-${row % 9_000},2024-01-02,${row}.5,text ${row}`,
  );
  return Buffer.from(`customer,date,amount,note\n${lines.join('\n')}\n`);
}

/** The task that reads the only file there is. */
async function task(): Promise<{ status: string; attempts: number }> {
  const { results } = expectStatus(await tenant.owner.api.get(`/tasks?customerId=${tenant.customerId}`), 200);
  return results[0] ?? { status: 'none', attempts: 0 };
}

describe.skipIf(executable === undefined)('when something breaks', () => {
  beforeAll(async () => {
    system = await startSystem({ workers: 1, env: { TASK_LEASE_SECONDS: '3' } });
    tenant = await system.make.tenant();
    browser = await launch(executable ?? '');
    visitor = await Visitor.arrive(browser, system.baseUrl);
    await visitor.enter(tenant.owner);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('shows an upload through the death of its worker, until another has read it', async () => {
    const { page } = visitor;
    await visitor.open(`/customers/${tenant.customerId}/upload`);
    await visitor.chooseFile('large.csv', largeFile());
    await page.getByText('in the first megabyte').waitFor();
    await visitor.button('Upload').click();
    await until('a worker to have it', async () => (await task()).status === 'running');
    await system.killWorker();
    await system.startWorker();
    await page.getByRole('heading', { name: 'Anomalies by type' }).waitFor({ timeout: 120_000 });
    expect((await task()).attempts).toBe(2);
    await page.getByText(ROWS.toLocaleString('en'), { exact: true }).first().waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('says that the server cannot be reached, and goes on when it can', async () => {
    const { page } = visitor;
    await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
    await visitor.toPage('Reports');
    await page.getByText('The server cannot be reached.').waitFor();
    expect(await visitor.faults('offline')).toEqual([]);
    await page.unroute('**/api/v1/**');
    await visitor.button('Try again').click();
    await page.getByText('There is no report yet.').waitFor();
    // Nor does a reload at that time end the session.
    await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
    await page.reload();
    await page.getByText('The server cannot be reached.').waitFor();
    await page.unroute('**/api/v1/**');
    await visitor.button('Try again').click();
    await page.getByText('There is no report yet.').waitFor();
    const others = visitor.complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'));
    expect(others).toEqual([]);
  });
});
