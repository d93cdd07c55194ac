import { type DynamicModule, Module } from '@nestjs/common';
import { loadSettings, type Settings } from './settings.js';

/** Injection token of the validated {@link Settings}. */
export const SETTINGS = Symbol('settings');

@Module({})
export class SettingsModule {
  /** @throws SettingsError where the environment is wrong. */
  static forRoot(settings: Settings = loadSettings()): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}
