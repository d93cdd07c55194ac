import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@app/config';
import { createLogger } from '@app/logging';
import { AppModule } from '../app.module.js';
import { openApiDocument, setPrefix } from '../http/openapi.js';

/** Writes openapi.json, the reviewed copy of the contract. Needs no running service: nothing is instantiated. */
const [file = 'openapi.json'] = process.argv.slice(2);
const unused = 'preview://unused';
const settings = loadSettings({
  DEBUG: 'true',
  DATABASE_URL: unused,
  MONGO_URL: unused,
  RABBITMQ_URL: unused,
});
const app = await NestFactory.create(AppModule.forRoot(settings, createLogger('api', 'silent')), {
  preview: true,
  logger: false,
});
setPrefix(app);
writeFileSync(file, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
