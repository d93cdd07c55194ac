import { LauncherError } from './services/processes.mjs';

/**
 * Runs a script to its exit code. What one sentence explains is printed as such, everything else with its stack.
 * @param {() => Promise<number>} body
 */
export async function main(body) {
  let code = 1;
  try {
    code = await body();
  } catch (error) {
    console.error(error instanceof LauncherError ? error.message : error);
  }
  process.exit(code);
}

/**
 * Aborted, with the signal's name as reason, when the script is asked to end. Further signals are ignored: npm and the
 * terminal both send Ctrl-C.
 * @returns {AbortSignal}
 */
export function stopRequested() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => controller.abort(signal));
  }
  return controller.signal;
}

/** @param {AbortSignal} signal @returns {Promise<void>} */
export function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
