import { LauncherError } from '../services/processes.mjs';
import { multipartForm } from './multipart.mjs';

/** The api's answer was a problem; its sentence says which. */
export class ApiProblem extends LauncherError {
  name = 'ApiProblem';

  /** @param {number} status @param {{ code?: string, title?: string, detail?: string, uploadId?: string }} problem */
  constructor(status, problem) {
    super(`${problem.detail ?? problem.title ?? 'The api answered'} (${problem.code ?? status})`);
    this.status = status;
    this.problem = problem;
  }
}

/** A user of the api, as any other program would be one. */
export class ApiClient {
  #token = '';
  #login = { email: '', password: '' };

  /** @param {string} url @param {AbortSignal} stop */
  constructor(url, stop) {
    this.url = url;
    this.stop = stop;
  }

  /** @param {string} email @param {string} password */
  async login(email, password) {
    this.#login = { email, password };
    const { body } = await this.#request('POST', '/auth/login', { json: this.#login });
    this.#token = body.accessToken;
  }

  /** @param {string} path */
  async get(path) {
    return (await this.#authorized('GET', path)).body;
  }

  /** @param {string} path @param {object} json */
  async post(path, json) {
    return (await this.#authorized('POST', path, { json })).body;
  }

  /**
   * @param {string} path
   * @param {Record<string, string>} fields
   * @param {{ path: string, name?: string, onBytes: (sent: number) => void }} file
   */
  async upload(path, fields, file) {
    return (await this.#request('POST', path, { form: multipartForm(fields, file) })).body;
  }

  /** Logs in again where the access token has run out. @param {string} method @param {string} path @param {object} [content] */
  async #authorized(method, path, content) {
    try {
      return await this.#request(method, path, content);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      await this.login(this.#login.email, this.#login.password);
      return this.#request(method, path, content);
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ json?: object, form?: ReturnType<typeof multipartForm> }} [content]
   * @returns {Promise<{ status: number, body: any }>}
   */
  async #request(method, path, { json, form } = {}) {
    const type = form?.contentType ?? (json === undefined ? undefined : 'application/json');
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      body: form?.body ?? (json === undefined ? undefined : JSON.stringify(json)),
      ...(form === undefined ? {} : { duplex: 'half' }),
      signal: this.stop,
    });
    const text = await response.text();
    const body = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiProblem(response.status, body ?? {});
    return { status: response.status, body };
  }
}
