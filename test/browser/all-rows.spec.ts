import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem, type System } from '../e2e/harness/index.js';
import { onlineRetail, ready, startDataset } from '../e2e/harness/uploads.js';
import { chromiumPath, launch, Visitor } from './harness/index.js';

/** Leaps through the table, each of which asks for other rows. */
const LEAPS = 60;
/** Of a table of 720 pixels with rows of 28, and some beyond its edges. */
const MOST_ROWS_DRAWN = 40;
const executable = chromiumPath();
const { csv, rows } = onlineRetail();

let system: System;
let browser: Browser;

describe.skipIf(executable === undefined)('a dataset of many rows', () => {
  beforeAll(async () => {
    system = await startSystem({ workers: 1 });
    browser = await launch(executable ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('is scrolled through from its first row to its last, and only rows in view are in the page; it is ordered', async () => {
    const tenant = await system.make.tenant();
    const { dataset, upload } = await startDataset(tenant.owner, tenant, csv);
    await ready(tenant.owner.api, upload.id, 120_000);
    const visitor = await Visitor.arrive(browser, system.baseUrl);
    await visitor.enter(tenant.owner);
    await visitor.open(`/customers/${tenant.customerId}/datasets/${dataset.id}`);
    const { page } = visitor;
    await page.getByRole('cell', { name: 'United Kingdom' }).first().waitFor();
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(rows));
    for (let leap = 1; leap <= LEAPS; leap += 1) {
      const drawn = await page.evaluate<number[]>(`new Promise((done) => {
        const scroller = document.querySelector('[role=region]');
        scroller.scrollTop = (scroller.scrollHeight * ${leap}) / ${LEAPS};
        const indexes = () => [...document.querySelectorAll('[aria-rowindex]')].map((row) => Number(row.ariaRowIndex));
        requestAnimationFrame(() => setTimeout(() => done(indexes())));
      })`);
      expect(drawn.length).toBeLessThanOrEqual(MOST_ROWS_DRAWN);
      expect(drawn).toEqual(drawn.map((_, position) => (drawn[0] ?? 0) + position));
    }
    const lines = csv.toString('utf8').trimEnd().split('\n').slice(1);
    const [invoice = ''] = lines.at(-1)?.split(',') ?? [];
    const last = page.locator(`[role=row][aria-rowindex="${rows}"]`);
    await last.getByRole('cell', { name: invoice, exact: true }).waitFor();
    await page.getByRole('cell', { name: '…', exact: true }).first().waitFor({ state: 'detached' });
    // A press on the head of a column orders by it, from the first row on.
    const countries = lines.map((line) => line.slice(line.lastIndexOf(',') + 1).trimEnd()).toSorted();
    for (const [direction, country = ''] of [
      ['ascending', countries[0]],
      ['descending', countries.at(-1)],
    ]) {
      await visitor.button('Country').click();
      await page.locator(`[role=columnheader][aria-sort=${direction}]`, { hasText: 'Country' }).waitFor();
      const first = page.locator('[role=row][aria-rowindex="1"]');
      await first.getByRole('cell', { name: country, exact: true }).waitFor();
    }
    expect(visitor.complaints).toEqual([]);
    await visitor.leave();
  });
});
