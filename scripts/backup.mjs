/**
 * npm run backup -- <directory>
 *
 * Copies rows, frames and files into a new directory, also while the system works: of one moment, and all that fits
 * together. It holds password hashes and data: keep it as safe as the system itself.
 */
import './node-version.mjs';
import { runOperation } from './applications/operation.mjs';
import { main } from './program.mjs';

await main(() => runOperation('backup.js', process.argv.slice(2)));
