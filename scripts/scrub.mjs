/**
 * npm run scrub [-- --json]
 *
 * Reads every file and frame that is in use and compares its hash with the one kept when it was written: a single flipped
 * bit shows. Exit code 0: all as it was; 1: something is not; 2: a store does not answer.
 */
import './node-version.mjs';
import { runOperation } from './applications/operation.mjs';
import { main } from './program.mjs';

await main(() => runOperation('scrub.js', process.argv.slice(2)));
