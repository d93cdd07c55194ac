import { describe, expect, test } from 'vitest';
import { loadSettings, SettingsError } from './settings.js';

const URLS = {
  DATABASE_URL: 'postgres://app@localhost/app',
  MONGO_URL: 'mongodb://localhost/app',
  RABBITMQ_URL: 'amqp://localhost',
};
const SECRET_KEY = 'b5a1f0c37d9e4826a1c0f7e2d4b69853';

const faultsOf = (source: Record<string, string>): string => {
  try {
    loadSettings(source);
    return '';
  } catch (error) {
    return error instanceof SettingsError ? error.message : `not a SettingsError: ${String(error)}`;
  }
};

describe('loadSettings', () => {
  test('fills in the documented defaults', () => {
    const settings = loadSettings({ ...URLS, SECRET_KEY });
    expect(settings.api.port).toBe(8000);
    expect(settings.files.maxUploadBytes).toBe(2 * 1024 ** 3);
    expect(settings.accounts.accessTokenSeconds).toBe(900);
    expect(settings.services.redisUrl).toBeUndefined();
  });

  test.each([
    ['INFO', 'info'],
    ['WARNING', 'warn'],
    ['CRITICAL', 'fatal'],
    ['debug', 'debug'],
  ])('reads LOG_LEVEL %s as %s', (given, level) => {
    expect(loadSettings({ ...URLS, SECRET_KEY, LOG_LEVEL: given }).logLevel).toBe(level);
  });

  test('S15: names every missing or weak secret at once and repeats none of them', () => {
    const faults = faultsOf({
      ...URLS,
      SECRET_KEY: '1234567',
      RABBITMQ_DEFAULT_PASS: 'guest',
      ADMIN_PASSWORD: 'short',
    });
    expect(faults).toContain('SECRET_KEY');
    expect(faults).toContain('RABBITMQ_DEFAULT_PASS');
    expect(faults).toContain('ADMIN_PASSWORD');
    expect(faults).not.toMatch(/1234567|guest|short\b(?!er)/);
  });

  test('development starts with a weak secret', () => {
    expect(loadSettings({ ...URLS, DEBUG: 'True', SECRET_KEY: 'weak' }).development).toBe(true);
  });

  test('names the services that are missing', () => {
    expect(faultsOf({ SECRET_KEY })).toMatch(/DATABASE_URL.*MONGO_URL.*RABBITMQ_URL/);
  });

  test('names malformed values', () => {
    expect(faultsOf({ ...URLS, SECRET_KEY, API_PORT: '99999', ALGORITHM: 'none' })).toMatch(
      /API_PORT.*ALGORITHM/,
    );
  });

  test('reads the names of the original deployment, and an URL wins over them', () => {
    const original = {
      SECRET_KEY,
      POSTGRES_HOST: 'db',
      POSTGRES_USER: 'shop',
      POSTGRES_PASSWORD: 'p@ss/word',
      POSTGRES_DB: 'sales',
      MONGO_HOST: 'mongo',
      MONGO_INITDB_ROOT_USERNAME: 'root',
      MONGO_INITDB_ROOT_PASSWORD: 'tomato-7',
      RABBITMQ_DEFAULT_HOST: 'rabbit',
      RABBITMQ_DEFAULT_USER: 'shop',
      RABBITMQ_DEFAULT_PASS: 'carrot-9',
      REDIS_HOST: 'redis',
      REDIS_PASSWORD: 'leek-3',
      ACCESS_TOKEN_EXPIRE_DAYS: '1',
    };
    expect(loadSettings(original).services).toEqual({
      postgresUrl: 'postgres://shop:p%40ss%2Fword@db:5432/sales',
      mongoUrl: 'mongodb://root:tomato-7@mongo:27017/datacore?authSource=admin',
      rabbitmqUrl: 'amqp://shop:carrot-9@rabbit:5672/%2F',
      redisUrl: 'redis://:leek-3@redis:6379',
    });
    expect(loadSettings(original).accounts.accessTokenSeconds).toBe(86_400);
    expect(loadSettings({ ...original, ...URLS }).services.postgresUrl).toBe(URLS.DATABASE_URL);
  });

  test('an empty value counts as not set', () => {
    expect(loadSettings({ ...URLS, SECRET_KEY, REDIS_URL: '', API_PORT: '' }).api.port).toBe(8000);
  });
});
