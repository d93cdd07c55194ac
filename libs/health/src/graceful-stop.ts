import type { INestApplication } from '@nestjs/common';
import type { Logger } from '@app/logging';
import type { Readiness } from './readiness.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** What is left once the work is over: connections are closed, which takes no longer. */
const CLOSE_MS = 15_000;

export interface GracefulStop {
  readiness: Readiness;
  /** Takes nothing new and resolves once what runs is over, however long that is meant to take. */
  drain: () => Promise<void>;
  /** After this many milliseconds what still runs is left. */
  drainMs: number;
  logger: Logger;
}

/**
 * Ends a process in order when it is told to: first it is no longer ready, then it finishes what it does while its
 * health can still be asked for, then it closes what it has open. Exit code 0, or 1 where closing failed or hung.
 */
export function stopOnSignals(app: INestApplication, options: GracefulStop): void {
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    // npm and a terminal both pass Ctrl-C on.
    if (isStopping) return;
    isStopping = true;
    const { readiness, drain, drainMs, logger } = options;
    logger.info({ signal }, 'stopping');
    readiness.withdraw();
    const late = setTimeout(() => {
      logger.error('stopping took too long');
      process.exit(1);
    }, drainMs + CLOSE_MS);
    try {
      await Promise.race([drain(), after(drainMs)]);
      await app.close();
      logger.info('stopped');
      process.exit(0);
    } catch (err) {
      logger.error({ err }, 'stopping failed');
      process.exit(1);
    } finally {
      clearTimeout(late);
    }
  };
  for (const signal of SIGNALS) process.on(signal, () => void stop(signal));
}

const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
