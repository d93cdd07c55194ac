import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, unique } from '../e2e/harness/index.js';
import { csvForm, ready, retailSample } from '../e2e/harness/uploads.js';
import { chromiumPath, launch, Visitor } from './harness/index.js';

const executable = chromiumPath();
const hostileName = `<img src=x onerror=alert(1)> ${unique('Acme')}`;
const { csv, rows } = retailSample();

let system: System;
let browser: Browser;
let visitor: Visitor;

describe.skipIf(executable === undefined)('the dashboard', () => {
  beforeAll(async () => {
    system = await startSystem({ workers: 1 });
    browser = await launch(executable ?? '');
    visitor = await Visitor.arrive(browser, system.baseUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('signs in, and stays signed in over a reload', async () => {
    await visitor.open('/');
    await visitor.button('Sign in').waitFor();
    expect(await visitor.faults('sign-in')).toEqual([]);
    // Where only administrators make accounts nobody is offered one.
    expect(await visitor.page.getByText('Sign up').count()).toBe(0);
    await visitor.signIn(system.admin);
    await visitor.button('New customer').waitFor();
    await visitor.page.reload();
    await visitor.button('New customer').waitFor();
    expect(await visitor.page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toMatch(
      /eyJ|[\w-]{43}/,
    );
  });

  it('makes a customer, whose name is text whatever it holds', async () => {
    await visitor.button('New customer').click();
    await visitor.field('Name').fill(hostileName);
    await visitor.button('Create').click();
    await visitor.link(hostileName).waitFor();
    await visitor.dialogGone();
    expect(await visitor.faults('customers')).toEqual([]);
    await visitor.link(hostileName).click();
    await visitor.page.getByText('Upload the first sales file').waitFor();
    expect(await visitor.faults('overview-empty')).toEqual([]);
  });

  it('makes a store and draws where it is', async () => {
    await visitor.toPage('Stores');
    await visitor.button('New store').click();
    await visitor.field('Name').fill('London');
    await visitor.field('Time zone').fill('Europe/London');
    await visitor.field('Latitude').fill('51.5');
    await visitor.field('Longitude').fill('-0.12');
    await visitor.button('Create').click();
    await visitor.page.getByRole('cell', { name: 'Europe/London' }).waitFor();
    await visitor.dialogGone();
    await visitor.page.getByRole('img', { name: 'London' }).waitFor();
    expect(await visitor.faults('stores')).toEqual([]);
  });

  it('shows what a file looks like before it is loaded, and how else it may be read', async () => {
    await visitor.toPage('Upload');
    expect(await visitor.faults('upload')).toEqual([]);
    await visitor.chooseFile('online-retail.csv', csv);
    const preview = visitor.page.getByRole('table');
    await preview.getByRole('columnheader', { name: /CustomerID.*Shopper/ }).waitFor();
    await visitor.page.getByText('Encoding UTF-8').waitFor();
    await visitor.button('Read it differently').click();
    await visitor.page.getByLabel('Product', { exact: true }).selectOption('Country');
    await preview.getByRole('columnheader', { name: /Country.*Product/ }).waitFor();
    expect(await visitor.faults('upload-preview')).toEqual([]);
    await visitor.page.getByLabel('Product', { exact: true }).selectOption('');
    await preview.getByRole('columnheader', { name: /Country.*Product/ }).waitFor({ state: 'detached' });
  });

  it('loads a file and shows what was odd about it', async () => {
    await visitor.button('Upload').click();
    await visitor.page.getByRole('heading', { name: 'Anomalies by type' }).waitFor();
    await visitor.page.getByRole('button', { name: /Repeated rows/ }).click();
    await visitor.page.getByRole('columnheader', { name: 'What is odd' }).waitFor();
    expect(await visitor.faults('upload-detail')).toEqual([]);
  });

  it('downloads the original file through an address without a token', async () => {
    const [download] = await Promise.all([
      visitor.page.waitForEvent('download'),
      visitor.button('Original file').click(),
    ]);
    expect(download.suggestedFilename()).toBe('online-retail.csv');
    expect(readFileSync(await download.path()).equals(csv)).toBe(true);
    expect(download.url()).not.toMatch(/eyJ/);
  });

  it('reads a file again as the user says', async () => {
    await visitor.button('Read again').click();
    const dialog = visitor.page.getByRole('dialog');
    await dialog.getByLabel('Quantity', { exact: true }).last().selectOption('decimal');
    await dialog.getByLabel('Quantity: Decimal sign').selectOption('.');
    expect(await visitor.faults('upload-reprocess')).toEqual([]);
    await dialog.getByRole('button', { name: 'Read again' }).click();
    await visitor.dialogGone();
    await visitor.page.getByRole('row', { name: /^Quantity decimal/ }).waitFor();
  });

  it('shows all rows in one table, filtered and ordered', async () => {
    const { page } = visitor;
    await visitor.link('Dataset').click();
    await page.getByRole('cell', { name: 'United Kingdom' }).first().waitFor();
    expect(await visitor.faults('dataset')).toEqual([]);
    await page.getByRole('region').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
    await page
      .getByText(`${rows.toLocaleString('en')} rows`)
      .first()
      .waitFor();
    await page
      .locator(`[role=row][aria-rowindex="${rows}"]`)
      .getByRole('cell')
      .filter({ hasNotText: '…' })
      .first()
      .waitFor();
  });

  it('counts, profiles and links a dataset', async () => {
    const { page } = visitor;
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await visitor.choose('Group by', 'Country');
    await page.getByRole('cell', { name: 'United Kingdom' }).waitFor();
    expect(await visitor.faults('dataset-statistics')).toEqual([]);
    await page.getByRole('tab', { name: 'Links' }).click();
    await page.getByText('No other dataset is linked').waitFor();
    expect(await visitor.faults('dataset-links')).toEqual([]);
    await page.getByRole('tab', { name: 'Profile' }).click();
    await visitor.button('Make the profile').click();
    await page.getByRole('heading', { name: 'UnitPrice' }).waitFor();
    await page.getByRole('img', { name: /^How often UnitPrice is from 0 to .* higher/ }).waitFor();
    expect(await visitor.faults('dataset-profile')).toEqual([]);
  });

  it('says that a profile is outdated by a further file, and makes it anew', async () => {
    const { page } = visitor;
    const uploads = `/datasets/${page.url().split('/').at(-1)}/uploads`;
    const more = csv.toString().split('\n').slice(0, 3).join('\n');
    const { upload } = expectStatus(await system.admin.api.post(uploads, csvForm({}, more)), 202);
    await ready(system.admin.api, upload.id);
    await page.reload();
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.getByText('The data has changed since this profile was made').waitFor();
    await visitor.button('Make it anew').click();
    await visitor.button('Make it anew').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'UnitPrice' }).waitFor();
    expect(await page.getByText('The data has changed').count()).toBe(0);
  });

  it('makes a report and reads it', async () => {
    const { page } = visitor;
    await visitor.toPage('Reports');
    await visitor.link('New report').click();
    expect(await visitor.faults('report-new')).toEqual([]);
    await visitor.button('Make the report').click();
    await page.getByRole('tab', { name: 'Charts' }).waitFor();
    await page.getByRole('article').nth(1).waitFor();
    expect(await visitor.faults('report')).toEqual([]);
    for (const tab of ['Habits', 'Charts', 'RFM', 'Members']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel').waitFor();
      expect(await visitor.faults(`report-${tab.toLowerCase()}`)).toEqual([]);
    }
    await page.getByRole('columnheader', { name: 'Shopper' }).waitFor();
    const [printable] = await Promise.all([
      page.waitForEvent('popup'),
      visitor.button('Printable page').click(),
    ]);
    await printable.getByRole('heading', { name: 'Shopper segments' }).waitFor();
    await printable.close();
  });

  it('leads from a segment to one shopper and to what they bought', async () => {
    const { page } = visitor;
    const first = page.getByRole('tabpanel').getByRole('row').nth(1).getByRole('link');
    const shopper = (await first.textContent()) ?? '';
    await first.click();
    await page.getByRole('heading', { name: `Shopper ${shopper}` }).waitFor();
    await page.getByRole('columnheader', { name: 'InvoiceDate' }).waitFor();
    await page.getByRole('row').nth(1).waitFor();
    expect(await visitor.faults('shopper')).toEqual([]);
  });

  it('shows who moved between two reports', async () => {
    const { page } = visitor;
    await visitor.toPage('Reports');
    await visitor.link('New report').click();
    await visitor.choose('Number of segments', 'This many');
    await visitor.choose('Scale', 'By median and quartiles');
    await page.getByLabel('As of').fill('2011-12-01');
    await visitor.button('Make the report').click();
    await page.getByRole('tab', { name: 'Charts' }).waitFor();
    await visitor.link('Compare').click();
    await page.getByRole('heading', { name: 'Who went where' }).waitFor();
    expect(await visitor.faults('compare')).toEqual([]);
    await visitor.toPage('Overview');
    await page.getByText('Segments over time').waitFor();
    expect(await visitor.faults('overview')).toEqual([]);
  });

  it('says what the api said of a report that is gone, in place of its file or page', async () => {
    const { page } = visitor;
    await visitor.toPage('Reports');
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('tab', { name: 'Charts' }).waitFor();
    const place = page.url();
    const heard = visitor.complaints.length;
    expectStatus(await system.admin.api.delete(`/reports/${place.split('/').at(-1)}`), 204);
    for (const [earlier, label] of ['Printable page', 'Members'].entries()) {
      await visitor.button(label).click();
      const refusal = page.getByRole('alert').filter({ hasText: /no such report/i });
      await refusal
        .nth(earlier)
        .getByText(/Request/)
        .waitFor();
    }
    expect(page.url()).toBe(place);
    expect(page.context().pages().length).toBe(1);
    expect(visitor.complaints.splice(heard).filter((text) => !text.includes('status of 404'))).toEqual([]);
  });

  it('is used without an error or a refused style', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
