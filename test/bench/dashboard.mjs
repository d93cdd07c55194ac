/**
 * How fast the dashboard is in a browser: milliseconds that the page's thread is taken for a frame while all rows of
 * Online Retail are scrolled through, row by row, then in leaps; and until a visitor sees the first content. The peer
 * is a page without any framework that has its rows in memory.
 *
 * Every scroll takes the same steps. What counts of a step is its median over the scrolls, for the browser's other
 * threads and the api share the processors; the longest of those is the result.
 */
import { chromiumPath, launch } from '../browser/harness/chromium.mjs';
import { onlineRetail } from './harness/data.mjs';
import { benchOptions } from './harness/contest.mjs';
import { idleMachine } from './harness/idle-machine.mjs';
import { quantile } from './harness/latency.mjs';
import { printOutcome, round } from './harness/outcome.mjs';
import { System } from './harness/system.mjs';
import { plainRows } from './peers/plain-rows.mjs';

const PATIENCE_MS = 60_000;
const WINDOW = { viewport: { width: 1280, height: 900 } };
/** Small steps as by a wheel, then leaps through the whole table, each of which asks for other rows. */
const OFFSETS = [
  ...Array.from({ length: 60 }, (_, step) => `${step * 120}`),
  ...Array.from({ length: 60 }, (_, step) => `(scroller.scrollHeight * ${step + 1}) / 60`),
];
const { json, runs } = benchOptions({ runs: 7 });
const executable = chromiumPath();
if (executable === undefined) throw new Error('this needs Chromium: sudo apt-get install chromium');
const data = await onlineRetail();
const system = await System.start();
const browser = await launch(executable);
try {
  const customerId = await system.customer();
  const { dataset, task } = await system.upload(customerId, data.file);
  await system.finished(task.id);
  const firstContentMs = await firstContent();
  const { page: ours, close } = await opened();
  await signIn(ours);
  await ours.goto(`${system.baseUrl}/customers/${customerId}/datasets/${dataset.id}`);
  await ours.getByRole('cell', { name: 'United Kingdom' }).first().waitFor();
  const plain = await opened();
  await plain.page.setContent(await plainPage(dataset.id));
  const [frames, plainFrames] = await inTurn([ours, plain.page]);
  await ours.locator(`[role=row][aria-rowindex="${data.rows}"]`).waitFor();
  await Promise.all([close(), plain.close()]);
  printOutcome(
    {
      name: 'dashboard',
      unit: 'ms',
      better: 'lower',
      ours: { ...frames, firstContentMs },
      peers: { 'no framework, in memory': plainFrames },
    },
    json,
  );
} finally {
  await browser.close();
  await system.stop();
  data.remove();
}

async function opened() {
  const context = await browser.newContext(WINDOW);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return { page, close: () => context.close() };
}

/** Milliseconds from the navigation to the first paint with content, each time by a browser that knows nothing yet. */
async function firstContent() {
  const times = [];
  for (let run = 0; run <= runs; run++) {
    await idleMachine();
    const { page, close } = await opened();
    await page.goto(system.baseUrl);
    const time = await page.evaluate(`new Promise((done) => {
      new PerformanceObserver((entries) => {
        for (const { name, startTime } of entries.getEntries()) if (name === 'first-contentful-paint') done(startTime);
      }).observe({ type: 'paint', buffered: true });
    })`);
    if (run > 0) times.push(time);
    await close();
  }
  return round(median(times));
}

/** @param {import('playwright-core').Page} page */
async function signIn(page) {
  await page.goto(system.baseUrl);
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(system.settings.ADMIN_EMAIL);
  await page.locator('input[name=password]').fill(system.settings.ADMIN_PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Customers' }).waitFor();
}

/** The peer's page, with the first thousand of the same rows. @param {string} dataset */
async function plainPage(dataset) {
  const { results } = await system.get(`/datasets/${dataset}/rows?pageSize=1000`);
  const columns = Object.keys(results[0]);
  return plainRows(
    columns,
    results.map((/** @type {Record<string, string | number | null>} */ row) =>
      columns.map((name) => `${row[name] ?? ''}`),
    ),
    data.rows,
  );
}

/** Scrolls both as often, after one time to warm up. @param {import('playwright-core').Page[]} pages */
async function inTurn(pages) {
  /** @type {number[][][]} */
  const scrolls = pages.map(() => []);
  for (let run = 0; run <= runs; run++) {
    for (const [contestant, page] of pages.entries()) {
      await idleMachine();
      await page.bringToFront();
      const frames = await scroll(page);
      if (run > 0) scrolls[contestant].push(frames);
    }
  }
  return scrolls.map(figures);
}

/** @param {number[]} values */
function median(values) {
  return quantile(values, 0.5);
}

/** @param {number[][]} scrolls  milliseconds of each step */
function figures(scrolls) {
  const steps = OFFSETS.map((_, step) => median(scrolls.map((frames) => frames[step])));
  return {
    value: round(Math.max(...steps)),
    rowByRow: round(median(steps.slice(0, OFFSETS.length / 2))),
    leap: round(median(steps.slice(OFFSETS.length / 2))),
    longestOfAll: round(Math.max(...scrolls.flat())),
  };
}

/**
 * Scrolls from the first row to the last, a step a frame.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<number[]>} milliseconds that the page's thread was taken for each step: what came in since the last,
 *   the scrolling and its frame
 */
async function scroll(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const taken = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const frames = [];
  let before = await taken();
  for (const offset of OFFSETS) {
    await page.evaluate(`new Promise((done) => {
      const scroller = document.querySelector('[role=region]');
      scroller.scrollTop = ${offset};
      requestAnimationFrame(() => setTimeout(done));
    })`);
    const now = await taken();
    frames.push(now - before);
    before = now;
  }
  await session.detach();
  return frames;
}
