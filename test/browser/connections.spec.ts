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
    await visitor.open('/');
    await visitor.signIn(tenant.owner);
    await visitor.page.getByRole('heading', { name: 'Customers' }).waitFor();
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
    expect(await visitor.faults('webhooks')).toEqual([]);
  });

  it('keeps a place from which files are fetched', async () => {
    const { page } = visitor;
    await visitor.toPage('Sources');
    await page.getByText('There is no source yet.').waitFor();
    await visitor.button('New source').click();
    await visitor.field('Name').first().fill('Till');
    await visitor.field('Folder in it').fill('till');
    await visitor.field('Schedule').fill('every 55m');
    await visitor.button('Create').click();
    await page.getByRole('row', { name: /Till/ }).waitFor();
    await visitor.dialogGone();
    await visitor.button('Runs').click();
    await page.getByRole('heading', { name: 'Runs of Till' }).waitFor();
    expect(await visitor.faults('sources')).toEqual([]);
  });

  it('is used without an error or a refused style', () => {
    const unasked = visitor.complaints.filter((text) => !text.includes('status of 422'));
    expect(unasked).toEqual([]);
  });
});
