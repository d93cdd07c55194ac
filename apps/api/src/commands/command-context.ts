import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AnswerCacheModule } from '@app/cache';
import { loadSettings, SettingsModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { FramesModule } from '@app/frames';
import { createLogger, LoggingModule } from '@app/logging';

/** Commands hardly query; the engine only has to be there. */
const ENGINE_MEGABYTES = 128;
/** What a command ends with where it could not do what it was asked. */
const CANNOT = 2;

/**
 * Runs a command over the modules it needs, with all stores at hand, and ends the process with its exit code.
 * What keeps it from being done is said in one sentence.
 */
export async function runCommand(
  modules: readonly Type[],
  command: (context: INestApplicationContext) => Promise<number>,
): Promise<never> {
  let code = CANNOT;
  try {
    const context = await NestFactory.createApplicationContext(
      {
        module: class CommandModule {},
        imports: [
          SettingsModule.forRoot(loadSettings()),
          LoggingModule.forRoot(createLogger('api', 'error', process.stderr)),
          DatabaseModule.forRoot(),
          FramesModule.forRoot({ memoryLimitMegabytes: () => ENGINE_MEGABYTES }),
          AnswerCacheModule.forRoot(),
          ...modules,
        ],
      },
      { logger: ['error'], abortOnError: false },
    );
    try {
      code = await command(context);
    } finally {
      await context.close();
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  return process.exit(code);
}
