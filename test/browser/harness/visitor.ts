import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { isInContract } from './contract.js';

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const TIMEOUT_MS = 30_000;
/** Directory for pictures of every page; none are taken without it. */
const PICTURES = process.env['SCREENSHOTS'];

/** What moves to another place has arrived there. */
const AT_REST = `Promise.allSettled(document.getAnimations()
  .filter((animation) => animation instanceof CSSTransition).map(({ finished }) => finished)).then(() => true)`;

/** Somebody with a browser of their own, who uses the dashboard and hears what the browser complains about. */
export class Visitor {
  /**
   * Errors of the console, refused styles and scripts, scripts of others that ran, calls that the OpenAPI document lacks:
   * must stay nothing.
   */
  readonly complaints: string[] = [];

  private constructor(
    private readonly baseUrl: string,
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.setDefaultTimeout(TIMEOUT_MS);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('dialog', (dialog) => {
      this.complaints.push(`a script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (isInContract(request.method(), request.url())) return;
      this.complaints.push(`not in the contract: ${request.method()} ${request.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async arrive(browser: Browser, baseUrl: string): Promise<Visitor> {
    const context = await browser.newContext({ viewport: WIDE });
    return new Visitor(baseUrl, context, await context.newPage());
  }

  leave(): Promise<void> {
    return this.context.close();
  }

  /** @param path from the root of the page */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.baseUrl}${path}`);
  }

  /** Signs in from the start page and waits until that has worked. */
  async enter(user: { email: string; password: string }): Promise<void> {
    await this.open('/');
    await this.signIn(user);
    await this.page.getByRole('heading', { name: 'Customers' }).waitFor();
  }

  async signIn({ email, password }: { email: string; password: string }): Promise<void> {
    await this.field('E-mail address').fill(email);
    await this.page.locator('input[name=password]').fill(password);
    await this.button('Sign in').click();
  }

  field(name: string | RegExp) {
    return this.page.getByRole('textbox', { name });
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }

  link(name: string) {
    return this.page.getByRole('link', { name, exact: true });
  }

  /** Chooses from a list of options. */
  async choose(label: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: label }).click();
    await this.page.getByRole('option', { name: option }).click();
  }

  /** By the navigation beside the content. */
  async toPage(name: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
  }

  /** Waits until the dialog that is open has closed. */
  async dialogGone(): Promise<void> {
    await this.page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  chooseFile(name: string, content: Buffer): Promise<void> {
    return this.page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: content });
  }

  /**
   * What is wrong with the page as it stands: by axe-core in light and dark, and what sticks out of a narrow window.
   * @param name of its pictures
   */
  async faults(name: string): Promise<string[]> {
    const { page } = this;
    await page.getByRole('heading', { level: 1 }).waitFor();
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      found.push(
        ...violations.map(
          ({ id, nodes }) => `${name} ${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
        ),
      );
      await this.picture(`${name}-${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(NARROW);
    await page.evaluate(AT_REST);
    const overhang = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (overhang > 0) found.push(`${name}: ${overhang} pixels stick out of a narrow window`);
    await this.picture(`${name}-narrow`);
    await page.setViewportSize(WIDE);
    return found;
  }

  private async picture(name: string): Promise<void> {
    if (PICTURES !== undefined) await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
}
