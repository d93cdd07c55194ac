import { existsSync, readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { environmentSchema, loadSettings } from '@app/config';
import { composeText, composeWith, rawCompose, variables } from './compose-file.js';
import { exampleEntries } from './environment-example.js';

const example = exampleEntries();
const active = [...example.Apps, ...example['Docker Compose only']].filter((entry) => entry.active);
/** An .env made of .env.example by filling what is empty. */
const filled = Object.fromEntries(
  active.map(({ name, value }) => [
    name,
    value === '' ? `2f8c1b6d40e95a7384c6f1d2e0b97a53${name.length}` : value,
  ]),
);
const { services, volumes } = composeWith(filled);
const entries = Object.entries(services);
const apps = ['api', 'ingest-worker', 'migrate', 'first-source'];

describe('docker-compose.yml', () => {
  it('is valid by the Compose schema', () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    const validate = ajv.compile(composeSchema());
    validate(composeWith(filled));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('has the services and ports that the documentation names', () => {
    const published = Object.fromEntries(entries.map(([name, { ports = [] }]) => [name, ports]));
    expect(published).toEqual({
      api: ['127.0.0.1:8000:8000'],
      'ingest-worker': [],
      migrate: [],
      'first-source': [],
      postgres: ['127.0.0.1:5432:5432'],
      mongo: ['127.0.0.1:27017:27017'],
      rabbitmq: ['127.0.0.1:5672:5672', '127.0.0.1:15672:15672'],
      redis: ['127.0.0.1:6379:6379'],
      minio: ['127.0.0.1:9000:9000', '127.0.0.1:9001:9001'],
      mailpit: ['127.0.0.1:8025:8025'],
      adminer: ['127.0.0.1:8080:8080'],
      'mongo-express': ['127.0.0.1:8443:8081'],
      openapi: ['127.0.0.1:8181:8080'],
    });
  });

  it('publishes on other ports where *_PORT says so, and keeps the ports inside', () => {
    const moved = composeWith({
      ...filled,
      POSTGRES_PORT: '15432',
      DJANGO_PORT: '18000',
      RABBITMQ_PORTS_1: '15673',
    });
    expect(moved.services.postgres?.ports).toEqual(['127.0.0.1:15432:5432']);
    expect(moved.services.api?.ports).toEqual(['127.0.0.1:18000:8000']);
    expect(moved.services.openapi?.environment?.URL).toBe('http://localhost:18000/api/openapi.json');
    expect(moved.services.api?.environment).toMatchObject({
      POSTGRES_PORT: '5432',
      RABBITMQ_PORTS_1: '5672',
    });
  });

  it('checks the health of every service that stays up', () => {
    const unchecked = entries
      .filter(([, service]) => service.healthcheck?.test === undefined)
      .map(([name]) => name);
    // The apps' image brings its own check; the migration and the first source end by themselves.
    expect(unchecked.toSorted()).toEqual(apps.toSorted());
    expect([services.migrate?.restart, services['first-source']?.restart]).toEqual(['no', 'no']);
    expect(readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')).toMatch(/^HEALTHCHECK /m);
  });

  it('waits for health, or for the end of what runs once', () => {
    const wrong = entries.flatMap(([name, { depends_on: waits = {} }]) =>
      Object.entries(waits)
        .filter(([other, { condition }]) => {
          const ends = services[other]?.restart === 'no';
          return condition !== (ends ? 'service_completed_successfully' : 'service_healthy');
        })
        .map(([other]) => `${name} waits for ${other}`),
    );
    expect(wrong).toEqual([]);
    for (const app of ['api', 'ingest-worker', 'first-source']) {
      const waits = Object.keys(services[app]?.depends_on ?? {}).toSorted();
      expect(waits).toEqual(['migrate', 'minio', 'mongo', 'postgres', 'rabbitmq', 'redis']);
    }
  });

  it('lets any number of workers run', () => {
    const { container_name: containerName, ports } = services['ingest-worker'] ?? {};
    expect({ containerName, ports }).toEqual({ containerName: undefined, ports: undefined });
  });

  // Only the first administrator is optional, and then there is none.
  it('has no default credentials', () => {
    const secret = /PASSWORD|PASS$|SECRET|(^|_)KEY$|USER(NAME)?$/;
    const defaulted = variables(composeText()).filter(
      ({ name, fallback }) => secret.test(name) && fallback !== (name === 'ADMIN_PASSWORD' ? '' : undefined),
    );
    const literal = Object.entries(rawCompose().services).flatMap(([service, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([name, value]) => secret.test(name) && variables(value).length === 0)
        .map(([name]) => `${service}: ${name}`),
    );
    expect({ defaulted, literal }).toEqual({ defaulted: [], literal: [] });
  });

  it('refuses to start while a secret is missing, and says which', () => {
    for (const { name, value } of active.filter((entry) => entry.value === '')) {
      expect(() => composeWith({ ...filled, [name]: value })).toThrow(`set ${name} in .env`);
    }
  });

  it('names a release of every image', () => {
    const release = /:(v?\d+\.\d+[\w.-]*|RELEASE\.[\w-]+)$/;
    const floating = entries.filter(([, { image, build }]) => build === undefined && !release.test(image));
    expect(floating.map(([name]) => name)).toEqual([]);
  });

  it('mounts named volumes that it declares, the blobs in every app', () => {
    const mounted: string[] = entries
      .flatMap(([, service]) => service.volumes ?? [])
      .flatMap((volume) => volume.split(':')[0] ?? []);
    const [folders, named] = [true, false].map((is) => mounted.filter((name) => name.startsWith('.') === is));
    expect(new Set(named)).toEqual(new Set(Object.keys(volumes)));
    for (const app of apps) expect(services[app]?.volumes?.[0]).toBe('data:/data');
    expect(folders).toEqual(['./source_data']);
    expect(existsSync(new URL('../../source_data/', import.meta.url))).toBe(true);
    expect(services['first-source']?.volumes?.[1]).toBe('./source_data:/source_data:ro');
    expect(services['first-source']?.command?.at(-1)).toBe('/source_data');
  });

  it('passes the apps every variable they read, or fixes it', () => {
    // The image sets API_PORT and DATA_DIR; URLs would lead past the services beside.
    const fixed = [
      'API_HOST',
      'API_PORT',
      'DATA_DIR',
      'DATABASE_URL',
      'MONGO_URL',
      'RABBITMQ_URL',
      'REDIS_URL',
    ];
    const { MALLOC_ARENA_MAX: pools, ...passed } = services['ingest-worker']?.environment ?? {};
    expect(pools).toBe('1');
    expect([...Object.keys(passed), ...fixed].toSorted()).toEqual(
      Object.keys(environmentSchema.shape).toSorted(),
    );
  });

  it('gives the apps settings that they accept', () => {
    const settings = loadSettings(services.api?.environment ?? {});
    expect(settings.services.postgresUrl).toMatch(/@postgres:5432\/datacore$/);
    expect(settings.services.mongoUrl).toMatch(/@mongo:27017\/datacore\?authSource=admin$/);
    expect(settings.services.rabbitmqUrl).toMatch(/@rabbitmq:5672\/%2F$/);
    expect(settings.services.redisUrl).toMatch(/@redis:6379$/);
    const grace = Number.parseInt(services.api?.stop_grace_period ?? '', 10);
    expect(grace).toBeGreaterThan(settings.tasks.shutdownGraceSeconds);
  });
});

/** The schema is of a draft in which `id` was a keyword; nothing refers to those ids. */
function composeSchema(): object {
  const text = readFileSync(new URL('../fixtures/compose-spec/compose-spec.json', import.meta.url), 'utf8');
  return JSON.parse(text, (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as object;
}
