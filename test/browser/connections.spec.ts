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

describe.skipIf(executable === undefined)('what connects a customer with other programs', () => {
  beforeAll(async () => {
    system = await startSystem({ workers: 1 });
    tenant = await system.make.tenant();
    browser = await launch(executable ?? '');
    visitor = await Visitor.arrive(browser, system.baseUrl);
    await visitor.enter(tenant.owner);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('hears of a file that was loaded without being asked', async () => {
    const { page } = visitor;
    await visitor.button('Notifications, 0 unread').waitFor();
    const { upload } = await startDataset(tenant.owner, tenant, `customer,n\n${unique('a')},1\n`);
    await ready(tenant.owner.api, upload.id);
    await visitor.button('Notifications, 1 unread').click();
    await page.getByRole('dialog').getByRole('link').first().waitFor();
    expect(await visitor.faults('notifications-bell')).toEqual([]);
    await visitor.link('All notifications').click();
    await page.getByRole('heading', { name: 'Notifications', level: 1 }).waitFor();
    expect(await visitor.faults('notifications')).toEqual([]);
    await visitor.button('Mark all as read').first().click();
    await visitor.button('Notifications, 0 unread').waitFor();
  });

  it('names an address that is told of events, and shows its secret once', async () => {
    const { page } = visitor;
    await visitor.open(`/customers/${tenant.customerId}/webhooks`);
    await visitor.button('New webhook').click();
    await visitor.field('Address').fill('https://127.0.0.1/hook');
    await visitor.button('Create').click();
    // What may not be reached is refused, in the words of the api.
    await page
      .getByRole('dialog')
      .getByRole('alert')
      .getByText(/Request/)
      .waitFor();
    await visitor.field('Address').fill('https://example.com/hook');
    await visitor.button('Create').click();
    await page
      .getByRole('status')
      .getByText(/^whsec_/)
      .waitFor();
    await visitor.dialogGone();
    await visitor.button('Deliveries').click();
    await page.getByText('Nothing was sent yet.').waitFor();
    const secret = page.getByRole('status').getByText(/^whsec_/);
    const first = (await secret.textContent()) ?? '';
    await visitor.button('New secret').click();
    await visitor.button('Yes, do it').click();
    await visitor.dialogGone();
    await page.getByText(first).waitFor({ state: 'detached' });
    await secret.waitFor();
    expect(await visitor.faults('webhooks')).toEqual([]);
  });

  it('tells each member what they chose, else what the owners chose', async () => {
    const { page } = visitor;
    await visitor.toPage('Notification choices');
    const row = page.getByRole('row', { name: /^File loaded/ });
    await row.getByText('Nobody yet').waitFor();
    await page.getByRole('tab', { name: 'Everybody’s' }).click();
    await page.getByRole('checkbox', { name: 'File loaded: E-mail' }).check();
    await visitor.button('Save').click();
    await row.getByText('The owners').waitFor();
    await page.getByRole('tab', { name: 'Mine' }).click();
    await row.getByText('The owners').waitFor();
    await page.getByRole('checkbox', { name: 'File loaded: E-mail' }).uncheck();
    await visitor.button('Save').click();
    await row.getByText('Me', { exact: true }).waitFor();
    expect(await visitor.faults('notification-choices')).toEqual([]);
    await row.getByRole('button', { name: 'Take back' }).click();
    await visitor.button('Save').click();
    await row.getByText('The owners').waitFor();
    expect(await page.getByRole('checkbox', { name: 'File loaded: E-mail' }).isChecked()).toBe(true);
  });

  it('has a report made again by the clock', async () => {
    const { page } = visitor;
    await visitor.toPage('Scheduled reports');
    await page.getByText('No report is scheduled yet.').waitFor();
    await visitor.button('New schedule').click();
    await visitor.field('Name').fill('Mondays');
    await visitor.choose('Scale', 'By median and quartiles');
    expect(await visitor.faults('report-schedule-new')).toEqual([]);
    await visitor.button('Create').click();
    const row = page.getByRole('row', { name: /Mondays/ });
    await row.waitFor();
    await visitor.dialogGone();
    expect(await visitor.faults('report-schedules')).toEqual([]);
    await row.getByRole('button', { name: 'Edit' }).click();
    expect(await page.getByRole('combobox', { name: 'Scale' }).inputValue()).toBe('By median and quartiles');
    await page.getByRole('switch', { name: 'Enabled' }).click();
    await visitor.button('Save').click();
    await row.getByText('Disabled').waitFor();
    await visitor.dialogGone();
  });

  it('keeps a place from which files are fetched', async () => {
    const { page } = visitor;
    await visitor.toPage('Sources');
    await page.getByText('There is no source yet.').waitFor();
    await visitor.button('New source').click();
    await visitor.field('Name').first().fill('Till');
    await visitor.field('Folder in it').fill('till');
    await visitor.field('Schedule').fill('every 55m');
    await page.getByRole('switch', { name: 'One file a person' }).click();
    await visitor.field('Write the dataset to').fill('written');
    expect(await visitor.faults('source-new')).toEqual([]);
    await visitor.button('Create').click();
    await page.getByRole('row', { name: /Till/ }).waitFor();
    await visitor.dialogGone();
    await page.getByText('Writes to written').waitFor();
    await visitor.button('Runs').click();
    await page.getByRole('heading', { name: 'Runs of Till' }).waitFor();
    expect(await visitor.faults('sources')).toEqual([]);
  });

  it('is used without an error or a refused style', () => {
    const unasked = visitor.complaints.filter((text) => !text.includes('status of 422'));
    expect(unasked).toEqual([]);
  });
});
