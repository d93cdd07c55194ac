import type { FactoryProvider } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { SETTINGS, type Settings } from '@app/config';
import { mongoDependency, postgresDependency, Readiness, storageDependency } from '@app/health';
import type { Connection } from 'mongoose';
import { DataSource } from 'typeorm';
import { Consumers } from '../tasks/consumers.js';

/** A worker needs all of it: without any one it can finish no task. */
export const READINESS: FactoryProvider<Readiness> = {
  provide: Readiness,
  inject: [SETTINGS, DataSource, getConnectionToken(), Consumers],
  useFactory: (settings: Settings, dataSource: DataSource, mongo: Connection, consumers: Consumers) =>
    new Readiness([
      postgresDependency(dataSource),
      mongoDependency(mongo, true),
      storageDependency(settings.dataDirectory),
      { name: 'rabbitmq', needed: true, check: async () => consumers.assertConsuming() },
    ]),
};
