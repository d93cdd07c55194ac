import type { FactoryProvider } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { FrameRepository } from '@app/frames';
import { postgresDependency, Readiness, storageDependency } from '@app/health';
import { DataSource } from 'typeorm';
import { Consumers } from '../tasks/consumers.js';

/** A worker needs all of it: without any one it can finish no task. */
export const READINESS: FactoryProvider<Readiness> = {
  provide: Readiness,
  inject: [SETTINGS, DataSource, FrameRepository, Consumers],
  useFactory: (settings: Settings, dataSource: DataSource, frames: FrameRepository, consumers: Consumers) =>
    new Readiness([
      postgresDependency(dataSource),
      { name: 'mongodb', needed: true, check: () => frames.ping() },
      storageDependency(settings.dataDirectory),
      { name: 'rabbitmq', needed: true, check: async () => consumers.assertConsuming() },
    ]),
};
