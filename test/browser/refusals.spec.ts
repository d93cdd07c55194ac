import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique } from '../e2e/harness/index.js';
import { ready, startDataset } from '../e2e/harness/uploads.js';
import { chromiumPath, launch, Visitor } from './harness/index.js';

const executable = chromiumPath();
const SCRIPT = '<script>alert(1)</script>';
const PICTURE = '<img src=x onerror=alert(2)>';
/** Names, headers and cells that a careless page would run. */
const HOSTILE = `${SCRIPT},customer,date,amount\n${PICTURE},a,2024-01-02,3\n"<b>${unique('x')}</b>",b,2024-01-03,4\n`;

let system: System;
let browser: Browser;
let visitor: Visitor;
let tenant: Tenant;

/** Complaints but the one with which the browser notes an answer that was asked for. */
const besides = (status: number) =>
  visitor.complaints.filter((text) => !text.includes(`status of ${status}`));

describe.skipIf(executable === undefined)('what is refused', () => {
  beforeAll(async () => {
    system = await startSystem({ workers: 1, env: { ALLOW_REGISTRATION: 'true' } });
    tenant = await system.make.tenant();
    browser = await launch(executable ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  beforeEach(async () => {
    visitor = await Visitor.arrive(browser, system.baseUrl);
  });
  afterEach(() => visitor.leave());

  it('says what the api said of a wrong password', async () => {
    await visitor.open('/');
    await visitor.signIn({ email: tenant.owner.email, password: 'not the password' });
    await visitor.page.getByRole('alert').getByText(/wrong/i).waitFor();
    expect(await visitor.faults('wrong-password')).toEqual([]);
    expect(besides(401)).toEqual([]);
  });

  it('lets newcomers sign up where that is on', async () => {
    const { page } = visitor;
    await visitor.open('/');
    await visitor.button('No account yet? Sign up').click();
    await visitor.field('Name').fill('Newcomer');
    await visitor.field('E-mail address').fill(`${unique('newcomer')}@example.com`);
    await page.locator('input[name=password]').fill(unique('password'));
    expect(await visitor.faults('sign-up')).toEqual([]);
    await visitor.button('Sign up').click();
    await page.getByText('There is no customer yet.').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('lets viewers read and offers them nothing else', async () => {
    const { page } = visitor;
    await visitor.enter(tenant.viewer);
    await visitor.open(`/customers/${tenant.customerId}`);
    await page.getByText('Upload the first sales file').waitFor();
    const offered = await page.getByRole('navigation').getByRole('link').allTextContents();
    expect(offered).toEqual([
      'Overview',
      'Datasets',
      'Reports',
      'Scheduled reports',
      'Stores',
      'Sources',
      'Tasks',
      'Notification choices',
      'Members',
      'Customers',
    ]);
    // Whoever knows the address is told by the api, with the id of the request.
    await visitor.open(`/customers/${tenant.customerId}/upload`);
    await visitor.chooseFile('sales.csv', Buffer.from('customer,n\na,1\n'));
    await visitor.button('Upload').click();
    await page
      .getByRole('alert')
      .getByText(/needs the role/)
      .waitFor();
    await page
      .getByRole('alert')
      .getByText(/Request/)
      .waitFor();
    expect(await visitor.faults('viewer-refused')).toEqual([]);
    expect(besides(403)).toEqual([]);
  });

  it('tells why a file that is broken cannot be loaded, before it is sent', async () => {
    const { page } = visitor;
    await visitor.enter(tenant.owner);
    await visitor.open(`/customers/${tenant.customerId}/upload`);
    await visitor.chooseFile('sales.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 1]));
    const request = page
      .getByRole('alert')
      .filter({ hasText: /not a CSV/ })
      .locator('code');
    const tried = (await request.textContent()) ?? '';
    expect(await visitor.faults('broken-file')).toEqual([]);
    await visitor.button('Upload').click();
    // The refusal of what was sent takes the place of that of what was tried out.
    await request.and(page.getByText(tried)).waitFor({ state: 'detached' });
    await request.waitFor();
    expect(await request.count()).toBe(1);
    expect(besides(415)).toEqual([]);
  });

  it('leaves the way back from a reading that makes no sense', async () => {
    const { page } = visitor;
    await visitor.enter(tenant.owner);
    await visitor.open(`/customers/${tenant.customerId}/upload`);
    await visitor.chooseFile('sales.csv', Buffer.from('customer,date,amount\na,2024-01-02,3\n'));
    await visitor.button('Read it differently').click();
    await page.getByLabel('Product', { exact: true }).selectOption('date');
    await page.getByRole('columnheader', { name: /date.*Product/ }).waitFor();
    const delimiter = page.getByLabel('Delimiter', { exact: true });
    await delimiter.selectOption(';');
    await page.getByRole('alert').waitFor();
    await delimiter.selectOption('');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByRole('columnheader', { name: /date.*Product/ }).waitFor();
    expect(besides(400)).toEqual([]);
  });

  it('shows scripts in names, headers and cells as the text they are', async () => {
    const { page } = visitor;
    await visitor.enter(tenant.owner);
    await visitor.open(`/customers/${tenant.customerId}/upload`);
    await visitor.chooseFile(`${PICTURE}.csv`, Buffer.from(HOSTILE));
    await page.getByRole('cell', { name: PICTURE }).waitFor();
    await visitor.field('Name of the dataset').fill(SCRIPT);
    await visitor.button('Upload').click();
    await page.getByRole('heading', { name: 'Anomalies by type' }).waitFor();
    await page.getByRole('cell', { name: SCRIPT }).waitFor();
    await visitor.link('Dataset').click();
    await page.getByRole('columnheader', { name: SCRIPT }).waitFor();
    await page.getByRole('cell', { name: PICTURE }).waitFor();
    expect(await page.locator('#root script, #root img[src=x], #root b').count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('says what the api said where there is nothing to download any more', async () => {
    const { page } = visitor;
    const { dataset, upload } = await startDataset(tenant.owner, tenant, `customer,n\n${unique('gone')},1\n`);
    await ready(tenant.owner.api, upload.id);
    await visitor.enter(tenant.owner);
    await visitor.open(`/customers/${tenant.customerId}/datasets/${dataset.id}`);
    await page.getByRole('region').waitFor();
    expectStatus(await tenant.owner.api.delete(`/datasets/${dataset.id}`), 204);
    await visitor.button('Export').click();
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    await page
      .getByRole('alert')
      .getByText(/no such dataset/i)
      .waitFor();
    await page
      .getByRole('alert')
      .getByText(/Request/)
      .waitFor();
    expect(await visitor.faults('export-refused')).toEqual([]);
    expect(besides(404)).toEqual([]);
  });

  it('shows two tenants in two browsers only what is theirs', async () => {
    const other = await system.make.tenant();
    const { upload } = await startDataset(other.owner, other, `customer,n\n${unique('secret')},1\n`);
    await ready(other.owner.api, upload.id);
    const neighbour = await Visitor.arrive(browser, system.baseUrl);
    await Promise.all([visitor.enter(tenant.owner), neighbour.enter(other.owner)]);
    const places = [
      [visitor, tenant, other],
      [neighbour, other, tenant],
    ] as const;
    for (const [who, own, foreign] of places) {
      await who.page.getByRole('table').getByRole('link').first().waitFor();
      const hrefs = await who.page
        .getByRole('table')
        .getByRole('link')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
      expect(hrefs).toEqual([`/customers/${own.customerId}`]);
      await who.open(`/customers/${foreign.customerId}/datasets`);
      await who.page.getByRole('alert').waitFor();
      expect(await who.page.getByRole('table').count()).toBe(0);
    }
    await neighbour.leave();
    expect(besides(404)).toEqual([]);
  });

  it('needs no mouse: signing in, past the navigation, a form, its refusal and its result', async () => {
    const { page } = visitor;
    const { keyboard } = page;
    /** Goes on by the tabulator until that is in the focus; what cannot be reached by it fails. */
    const tabTo = async (role: 'textbox' | 'button' | 'link', name: string): Promise<void> => {
      const target = page.getByRole(role, { name, exact: true });
      await target.first().waitFor();
      for (let steps = 0; steps < 40; steps += 1) {
        if ((await target.and(page.locator(':focus')).count()) > 0) return;
        await keyboard.press('Tab');
      }
      throw new Error(`${role} "${name}" cannot be reached by the keyboard`);
    };
    await visitor.open('/');
    await tabTo('textbox', 'E-mail address');
    await keyboard.type(system.admin.email);
    await keyboard.press('Tab');
    await keyboard.type(system.admin.password);
    await keyboard.press('Enter');
    await visitor.button('New customer').waitFor();
    await page.reload();
    await visitor.button('New customer').waitFor();
    await tabTo('link', 'Skip to the content');
    await keyboard.press('Enter');
    await tabTo('button', 'New customer');
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await keyboard.press('Escape');
    await visitor.dialogGone();
    // The focus is where it was.
    await keyboard.press('Enter');
    const name = unique('keyboard');
    await tabTo('textbox', 'Name');
    await keyboard.type(name);
    await keyboard.press('Enter');
    await visitor.dialogGone();
    await visitor.link(name).waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
