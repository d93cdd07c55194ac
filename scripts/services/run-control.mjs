/**
 * How runs find and steer each other: every run answers HTTP on a loopback port.
 *
 *   GET  /                          {directory}: whose services these are
 *   GET  /<token>/environment       {environment}: once the services are ready
 *   GET  /<token>/attend            answers when the run has stopped its services (by ending the connection)
 *   GET  /<token>/services          {<name>: {running, url}}
 *   POST /<token>/stop/<service>    204 once it has stopped in order; likewise kill/<service> and start/<service>
 *
 * The token is in a file that only the owner of the data directory may read, and in the environment of the run's
 * command.
 */
import http from 'node:http';

/**
 * @typedef {object} RunFace
 * @property {string} directory
 * @property {string} token
 * @property {() => Promise<Record<string, string>>} environment
 * @property {() => Iterable<import('./managed-service.mjs').ManagedService>} services
 */

/** The server, not listening yet, and the runs that use this one's services. @param {RunFace} run */
export function createControlServer(run) {
  /** @type {Set<http.ServerResponse>} */
  const attendants = new Set();
  const server = http.createServer((request, response) => {
    const answer = (/** @type {number} */ status, /** @type {unknown} */ body) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    };
    const [token, verb, name] = (request.url ?? '/').split('/').slice(1);
    const act = async () => {
      if (token === '') answer(200, { directory: run.directory });
      else if (token !== run.token) answer(403, { error: 'wrong token' });
      else if (request.method === 'POST') await command(verb, name);
      else if (verb === 'environment') answer(200, { environment: await run.environment() });
      else if (verb === 'services') answer(200, describe(run.services()));
      else if (verb === 'attend') {
        attendants.add(response);
        response.on('close', () => attendants.delete(response));
        response.writeHead(200).write('\n');
      } else answer(404, { error: 'no such thing' });
    };
    const command = async (/** @type {string} */ action, /** @type {string} */ serviceName) => {
      const service = [...run.services()].find((candidate) => candidate.name === serviceName);
      if (service === undefined) return answer(404, { error: `${serviceName} is not provided by this run` });
      if (action === 'stop') await service.stop();
      else if (action === 'kill') await service.kill();
      else if (action === 'start') await service.start();
      else return answer(404, { error: `${action} is not stop, kill or start` });
      return answer(204, undefined);
    };
    act().catch((error) => answer(503, { error: error.message }));
  });
  server.unref();
  return { server, attendants };
}

/** @param {Iterable<import('./managed-service.mjs').ManagedService>} services */
function describe(services) {
  return Object.fromEntries(
    [...services].map(({ name, running, prepared }) => [name, { running, url: prepared?.url }]),
  );
}

/**
 * Asks a run; undefined where nobody answers, or not as a run does.
 * @param {number} port
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function askRun(port, path) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Stays in touch with the run that owns the services.
 * @param {number} port
 * @param {string} token
 * @returns {{ ended: Promise<string>, leave: () => void }} `ended` resolves where that run ends before we leave
 */
export function attendRun(port, token) {
  const left = new AbortController();
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    const end = () => {
      if (!left.signal.aborted) resolve('the run that provided the services has ended');
    };
    const request = http.get(`http://127.0.0.1:${port}/${token}/attend`, { signal: left.signal });
    request.on('error', end);
    request.on('response', (response) => {
      response.on('error', end);
      response.on('close', end);
      response.resume();
    });
  });
  return { ended, leave: () => left.abort() };
}
