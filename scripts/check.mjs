/**
 * npm run check [-- --json]
 *
 * Compares Postgres, MongoDB, blobs, queues, cache and audit, also while the system works, and lists every difference with
 * what to do about it. Exit code 0: none; 1: some; 2: a store does not answer.
 */
import './node-version.mjs';
import { runOperation } from './applications/operation.mjs';
import { main } from './program.mjs';

await main(() => runOperation('check.js', process.argv.slice(2)));
