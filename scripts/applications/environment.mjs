import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { checkout } from '../checkout.mjs';
import { rememberedText } from '../services/place.mjs';

const SECRET_KEY_BYTES = 32;

/** Takes over the checkout's `.env`; what is set already wins. */
export function loadEnvironmentFile() {
  const file = path.join(checkout, '.env');
  if (fs.existsSync(file)) process.loadEnvFile(file);
}

/**
 * @param {import('../services/launcher.mjs').Run} run
 * @returns {Record<string, string>} what the apps need beyond our own environment
 */
export function applicationEnvironment(run) {
  return {
    SECRET_KEY: process.env.SECRET_KEY || keptSecretKey(run.environment.DATA_DIR),
    ...run.environment,
  };
}

/** Made once and kept, so that a restart does not end everybody's session. @param {string} dataDirectory */
function keptSecretKey(dataDirectory) {
  return rememberedText(path.join(dataDirectory, 'secret-key'), () =>
    randomBytes(SECRET_KEY_BYTES).toString('hex'),
  );
}
