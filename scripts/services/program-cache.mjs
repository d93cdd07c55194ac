import fs from 'node:fs';
import path from 'node:path';
import { checkout } from '../checkout.mjs';

/** Unpacked programs: one for all runs of this checkout, whatever their data directory. */
const cacheDirectory = path.join(checkout, '.data', 'programs');

/**
 * Gives the directory of an unpacked program and makes it first where it is missing. It appears whole or not at all,
 * and two runs that make it at the same time do not meet.
 * @param {string} name  names the content: another version or system has another name
 * @param {(directory: string) => Promise<void>} fill
 * @returns {Promise<string>}
 */
export async function cachedProgram(name, fill) {
  const target = path.join(cacheDirectory, name);
  if (fs.existsSync(target)) return target;
  fs.mkdirSync(cacheDirectory, { recursive: true });
  const draft = fs.mkdtempSync(`${target}.draft-`);
  fs.chmodSync(draft, 0o755);
  try {
    await fill(draft);
    fs.renameSync(draft, target);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    if (!fs.existsSync(target)) throw error;
  }
  return target;
}
