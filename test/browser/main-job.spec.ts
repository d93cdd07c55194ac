import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System, unique } from '../e2e/harness/index.js';
import { chromiumPath, launch } from './chromium.js';

const SAMPLE = new URL('../fixtures/online-retail-sample/online-retail-sample.csv.gz', import.meta.url);
const executable = chromiumPath();
const hostileName = `<img src=x onerror=alert(1)> ${unique('Acme')}`;

let system: System;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the browser complained about, which must stay nothing. */
const complaints: string[] = [];

/** What axe-core finds wrong with the page as it stands. */
async function faults(): Promise<string[]> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
const field = (name: string) => page.getByRole('textbox', { name });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const toPage = (name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
async function signIn(password: string): Promise<void> {
  await field('E-mail address').fill(system.admin.email);
  await page.locator('input[name=password]').fill(password);
  await button('Sign in').click();
}

describe.skipIf(executable === undefined)('the dashboard', () => {
  beforeAll(async () => {
    system = await startSystem({ workers: 1 });
    browser = await launch(executable ?? '');
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`a script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('signs in, and stays signed in over a reload', async () => {
    await page.goto(system.baseUrl);
    await button('Sign in').waitFor();
    expect(await faults()).toEqual([]);
    await signIn(system.admin.password);
    await button('New customer').waitFor();
    await page.reload();
    await button('New customer').waitFor();
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toMatch(
      /eyJ|[\w-]{43}/,
    );
  });

  it('makes a customer, whose name is text whatever it holds', async () => {
    await button('New customer').click();
    await field('Name').fill(hostileName);
    await button('Create').click();
    const link = page.getByRole('link', { name: hostileName });
    await link.waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await faults()).toEqual([]);
    await link.click();
    await page.getByText('Upload the first sales file').waitFor();
    expect(await faults()).toEqual([]);
  });

  it('makes a store and draws where it is', async () => {
    await toPage('Stores');
    await button('New store').click();
    await field('Name').fill('London');
    await field('Time zone').fill('Europe/London');
    await field('Latitude').fill('51.5');
    await field('Longitude').fill('-0.12');
    await button('Create').click();
    await page.getByRole('cell', { name: 'Europe/London' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.getByRole('img', { name: 'London' }).isVisible()).toBe(true);
    expect(await faults()).toEqual([]);
  });

  it('loads a file and shows what was odd about it', async () => {
    await toPage('Upload');
    expect(await faults()).toEqual([]);
    await page.locator('input[type=file]').setInputFiles({
      name: 'online-retail.csv',
      mimeType: 'text/csv',
      buffer: gunzipSync(readFileSync(SAMPLE)),
    });
    await button('Upload').click();
    await page.getByRole('heading', { name: 'Anomalies by type' }).waitFor();
    await page.getByRole('button', { name: /duplicate_row/ }).click();
    await page.getByRole('columnheader', { name: 'What is odd' }).waitFor();
    expect(await faults()).toEqual([]);
  });

  it('downloads the original file through an address without a token', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), button('Original file').click()]);
    expect(download.suggestedFilename()).toBe('online-retail.csv');
    expect(readFileSync(await download.path())).toEqual(gunzipSync(readFileSync(SAMPLE)));
    expect(download.url()).not.toMatch(/eyJ/);
  });

  it('shows all rows in one table, filtered and ordered', async () => {
    await page.getByRole('link', { name: 'Dataset', exact: true }).click();
    await page.getByRole('cell', { name: 'United Kingdom' }).first().waitFor();
    expect(await faults()).toEqual([]);
    await page.getByRole('region').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
    await page.getByText('35,161 rows').first().waitFor();
    await page
      .locator('[role=row][aria-rowindex="35161"]')
      .getByRole('cell')
      .filter({ hasNotText: '…' })
      .first()
      .waitFor();
  });

  it('makes a report and reads it', async () => {
    await toPage('Reports');
    await page.getByRole('link', { name: 'New report' }).click();
    expect(await faults()).toEqual([]);
    await button('Make the report').click();
    await page.getByRole('tab', { name: 'Charts' }).waitFor();
    expect(await page.getByRole('article').count()).toBeGreaterThan(1);
    expect(await faults()).toEqual([]);
    for (const tab of ['Habits', 'Charts', 'Members']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel').waitFor();
      expect(await faults()).toEqual([]);
    }
    await page.getByRole('columnheader', { name: 'Shopper' }).waitFor();
  });

  it('is readable in the dark', async () => {
    await toPage('Overview');
    await page.getByText('Latest report').waitFor();
    await button('Light or dark').click();
    expect(await faults()).toEqual([]);
  });

  it('says what the api said: a wrong password', async () => {
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: system.admin.email }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await signIn('not the password');
    await page.getByRole('alert').getByText(/wrong/i).waitFor();
    expect(await faults()).toEqual([]);
    // The browser itself notes the 401 that was asked for here.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });
});
