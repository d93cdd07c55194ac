import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { runAppCommand } from '../applications/applications.mjs';
import { LauncherError } from '../services/processes.mjs';
import { ApiProblem } from './api-client.mjs';

/**
 * Who the demo is, from one run to the next.
 * @typedef {object} DemoAccount
 * @property {string} email
 * @property {string} password
 * @property {string} [customerId]
 * @property {string} [storeId]
 */

/**
 * Logs in as the demo's administrator, who is made where this data directory has none yet.
 * @param {import('./api-client.mjs').ApiClient} api
 * @param {Record<string, string>} environment
 * @returns {Promise<Required<DemoAccount>>}
 */
export async function openDemoAccount(api, environment) {
  const file = path.join(environment.DATA_DIR, 'demo.json');
  let account = read(file);
  if (account === undefined || !(await canLogIn(api, account))) {
    account = await createAdministrator(environment);
    write(file, account);
    await api.login(account.email, account.password);
  }

  const customerId = (await known(api, '/customers', account.customerId)) ?? (await createCustomer(api));
  const stores = `/customers/${customerId}/stores`;
  const storeId = (await known(api, stores, account.storeId)) ?? (await createStore(api, stores));
  const complete = { ...account, customerId, storeId };
  write(file, complete);
  return complete;
}

/** @param {Record<string, string>} environment @returns {Promise<DemoAccount>} */
async function createAdministrator(environment) {
  const email = `demo-${randomBytes(3).toString('hex')}@example.com`;
  const output = await runAppCommand('create-administrator.js', [email], environment);
  const password = /password:?\s+(\S+)/i.exec(output)?.[1];
  if (password === undefined) throw new LauncherError(`no password in: ${output}`);
  return { email, password };
}

/** @param {import('./api-client.mjs').ApiClient} api @param {DemoAccount} account */
async function canLogIn(api, { email, password }) {
  try {
    await api.login(email, password);
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return false;
    throw error;
  }
}

/**
 * @param {import('./api-client.mjs').ApiClient} api
 * @param {string} collection
 * @param {string | undefined} id
 * @returns {Promise<string | undefined>} the id where it is still there
 */
async function known(api, collection, id) {
  if (id === undefined) return undefined;
  try {
    await api.get(`${collection}/${id}`);
    return id;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** @param {import('./api-client.mjs').ApiClient} api */
async function createCustomer(api) {
  const { id } = await api.post('/customers', { name: 'Demo', description: 'Made by "npm run demo"' });
  return id;
}

/** @param {import('./api-client.mjs').ApiClient} api @param {string} stores */
async function createStore(api, stores) {
  const { id } = await api.post(stores, {
    name: 'Online shop',
    country: 'GB',
    timezone: 'Europe/London',
    currency: 'GBP',
  });
  return id;
}

/** @param {string} file @returns {DemoAccount | undefined} */
function read(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} file @param {DemoAccount} account */
function write(file, account) {
  fs.writeFileSync(file, `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600 });
}
