/**
 * Preloaded into an app (`node --import`): the process dies as if the machine had, at the failpoint that
 * CHAOS_FAILPOINT names, when it is reached.
 */
import { armFailpoints } from '../../../dist/libs/failpoints/src/index.js';

const wanted = process.env.CHAOS_FAILPOINT;
armFailpoints((name) => {
  if (name === wanted) process.kill(process.pid, 'SIGKILL');
});
