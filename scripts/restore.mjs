/**
 * npm run restore -- <directory>
 *
 * Brings a backup back into an empty system in which no app runs. Where it breaks off it may be repeated.
 */
import './node-version.mjs';
import { runOperation } from './applications/operation.mjs';
import { main } from './program.mjs';

await main(() => runOperation('restore.js', process.argv.slice(2)));
