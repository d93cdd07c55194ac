import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ProblemFilter } from './problem.filter.js';
import { QuestionGuard } from './question.guard.js';
import { RouteTable } from './route-table.js';
import { ValidationPipe } from './validation.js';

/** The conventions that hold for every route. */
@Module({
  providers: [
    RouteTable,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: QuestionGuard },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
  exports: [RouteTable],
})
export class HttpModule {}
