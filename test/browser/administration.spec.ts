import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System, type Tenant, unique } from '../e2e/harness/index.js';
import { ready, startDataset } from '../e2e/harness/uploads.js';
import { chromiumPath, launch, Visitor } from './harness/index.js';

const executable = chromiumPath();
let system: System;
let browser: Browser;
let visitor: Visitor;
let tenant: Tenant;

/** A task that is parked, as if its attempts were used up. */
async function parkedTask(): Promise<void> {
  const { upload, task } = await startDataset(tenant.owner, tenant, `customer,n\n${unique('a')},1\n`);
  await ready(tenant.owner.api, upload.id);
  await system.database.query("UPDATE tasks SET status = 'failed' WHERE id = $1", [task.id]);
  await system.database.query(
    "INSERT INTO dead_letters (id, queue, reason, task_id) VALUES (gen_random_uuid(), 'ingest', 'poison', $1)",
    [task.id],
  );
}

describe.skipIf(executable === undefined)('running the place', () => {
  beforeAll(async () => {
    system = await startSystem({ workers: 1 });
    tenant = await system.make.tenant();
    const { upload } = await startDataset(tenant.owner, tenant, `customer,n\n${unique('a')},1\n`);
    await ready(tenant.owner.api, upload.id);
    browser = await launch(executable ?? '');
    visitor = await Visitor.arrive(browser, system.baseUrl);
    await visitor.enter(system.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('makes users and takes their access away', async () => {
    const { page } = visitor;
    const email = `${unique('new')}@example.com`;
    await visitor.toPage('Users');
    await visitor.button('New user').click();
    await visitor.field('Name').fill('New colleague');
    await visitor.field('E-mail address').fill(email);
    await page.locator('input[name=password]').fill(unique('password'));
    await visitor.button('Create').click();
    const row = page.getByRole('row', { name: email });
    await row.waitFor();
    await visitor.dialogGone();
    expect(await visitor.faults('users')).toEqual([]);
    await row.getByRole('button', { name: 'Deactivate' }).click();
    await visitor.button('Yes, do it').click();
    await row.getByText('Deactivated').waitFor();
  });

  it('makes members, changes what they may do and removes them', async () => {
    const { page } = visitor;
    const user = await system.make.user();
    await visitor.open(`/customers/${tenant.customerId}/members`);
    await visitor.button('Add member').first().click();
    await visitor.field('E-mail address').fill(user.email);
    await visitor.choose('Role', 'Viewer: reads');
    await page.getByRole('dialog').getByRole('button', { name: 'Add member' }).click();
    const row = page.getByRole('row', { name: user.email });
    await row.getByText('Viewer').waitFor();
    await visitor.dialogGone();
    expect(await visitor.faults('members')).toEqual([]);
    await row.getByRole('button', { name: 'Edit' }).click();
    await visitor.choose('Role', 'Analyst: uploads and makes reports');
    await visitor.button('Save').click();
    await row.getByText('Analyst').waitFor();
    await row.getByRole('button', { name: 'Remove' }).click();
    await visitor.button('Yes, do it').click();
    await row.waitFor({ state: 'detached' });
  });

  it('makes a key that is shown once and works until it is revoked', async () => {
    const { page } = visitor;
    await visitor.toPage('API keys');
    await visitor.button('New API key').click();
    await visitor.field('Name').fill('nightly');
    await visitor.button('Create').click();
    const key = (await page.getByRole('status').locator('code').textContent()) ?? '';
    await visitor.dialogGone();
    expect(await visitor.faults('api-keys')).toEqual([]);
    const path = `/customers/${tenant.customerId}`;
    expect((await system.api.as(key).get(path)).status).toBe(200);
    await page.getByRole('row', { name: 'nightly' }).getByRole('button', { name: 'Revoke' }).click();
    await visitor.button('Yes, do it').click();
    await page.getByText('There is no API key yet.').waitFor();
    expect((await system.api.as(key).get(path)).status).toBe(401);
    await page.reload();
    await page.getByText('There is no API key yet.').waitFor();
    expect(await page.content()).not.toContain(key);
  });

  it('finds tasks and shows what became of them', async () => {
    const { page } = visitor;
    await visitor.toPage('Tasks');
    await page.getByRole('link', { name: 'Reading a file' }).waitFor();
    expect(await visitor.faults('tasks')).toEqual([]);
    await visitor.choose('Status', 'Failed');
    await page.getByText('There is no such task.').waitFor();
  });

  it('shows queues, workers, storage, dead letters and the audit', async () => {
    const { page } = visitor;
    await visitor.toPage('System');
    await page.getByRole('heading', { name: 'Workers' }).waitFor();
    await page.getByText(/postgres.* up/i).waitFor();
    await visitor.button('Check now').click();
    await page.getByText(/No difference/).waitFor();
    expect(await visitor.faults('system')).toEqual([]);
    await visitor.toPage('Dead letters');
    await page.getByText('Nothing waits for you here.').waitFor();
    expect(await visitor.faults('dead-letters-empty')).toEqual([]);
    await visitor.toPage('Audit');
    const entry = (...said: string[]) =>
      said.reduce((rows, hasText) => rows.filter({ hasText }), page.getByRole('row')).first();
    await entry('apiKey.revoke', system.admin.email, 'API key nightly').waitFor();
    expect(await visitor.faults('audit')).toEqual([]);
    await visitor.field('Search').fill(tenant.owner.email);
    await entry('upload.create', tenant.owner.email, 'sales.csv').waitFor();
    await entry('apiKey.revoke').waitFor({ state: 'detached' });
  });

  it('sends a dead letter on its way again', async () => {
    const { page } = visitor;
    await parkedTask();
    await visitor.toPage('Dead letters');
    await page.getByRole('button', { name: 'Send again' }).waitFor();
    expect(await visitor.faults('dead-letters')).toEqual([]);
    await visitor.button('Send again').click();
    await page.getByText('Nothing waits for you here.').waitFor();
  });

  it('lets users change their own password, and sign out everywhere', async () => {
    const { page } = visitor;
    await visitor.open('/account');
    await visitor.button('Save').first().waitFor();
    expect(await visitor.faults('account')).toEqual([]);
    const { email, password } = system.admin;
    const elsewhere = await system.make.signIn(email, password);
    await visitor.button('Sign out everywhere').click();
    await visitor.button('Yes, do it').click();
    await visitor.button('Sign in').waitFor();
    expect((await elsewhere.api.get('/users/me')).status).toBe(401);
    await page.reload();
    await visitor.button('Sign in').waitFor();
  });

  it('is used without an error or a refused style', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
