import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directory of this project. */
export const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
