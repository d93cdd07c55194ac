import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings, SettingsModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { createLogger, LoggingModule } from '@app/logging';
import { AdministratorService, UsersModule } from '@app/users';
import { z } from 'zod';

/** `create-administrator <email>`: makes one, and prints the password this once. */
const email = z.email().safeParse(process.argv[2]?.trim());
if (!email.success) {
  process.stderr.write('usage: create-administrator <e-mail address>\n');
  process.exit(2);
}

const settings = loadSettings();

@Module({
  imports: [
    SettingsModule.forRoot(settings),
    LoggingModule.forRoot(createLogger('api', 'error')),
    DatabaseModule.forRoot(),
    UsersModule,
  ],
})
class CommandModule {}

const context = await NestFactory.createApplicationContext(CommandModule, { logger: ['error'] });
const { password } = await context.get(AdministratorService).create(email.data);
process.stdout.write(
  password === undefined
    ? `${email.data} has an account already: it is an administrator now and keeps its password.\n`
    : `Administrator ${email.data}\nPassword      ${password}\nIt is shown only this once.\n`,
);
await context.close();
