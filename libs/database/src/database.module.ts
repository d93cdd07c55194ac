import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { dataSourceOptions } from './data-source.js';

@Module({})
export class DatabaseModule {
  /** One connection pool a process; each lib brings its entities with `TypeOrmModule.forFeature`. */
  static forRoot(): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [SETTINGS],
          useFactory: (settings: Settings) => ({
            ...dataSourceOptions(settings.services.postgresUrl),
            autoLoadEntities: true,
            retryAttempts: 20,
            retryDelay: 500,
          }),
        }),
      ],
    };
  }
}
