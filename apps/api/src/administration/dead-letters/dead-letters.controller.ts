import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { notFound } from '@app/problems';
import { DeadLetters } from '@app/tasks';
import type { Request, Response } from 'express';
import { validate as isUuid } from 'uuid';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../../access/index.js';
import { givenFields } from '../../http/given-fields.js';
import { type Page, toPage } from '../../http/listing.js';
import { setLocation } from '../../http/location.js';
import { toTaskResponse } from '../../tasks/task.schemas.js';
import {
  deadLetterPage,
  type DeadLetterQuery,
  deadLetterQuery,
  type DeadLetterResponse,
  redriveBody,
  type RedriveBody,
  type RedriveResponse,
  redriveSchema,
  type RedrivenResponse,
  redrivenSchema,
  toDeadLetter,
} from './dead-letter.response.js';

@ApiTags('Administration')
@Controller('admin/dead-letters')
@Access({ administrator: true })
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  /** What stopped and waits for somebody, the oldest first: parked tasks with their failed attempts, unreadable messages. */
  @Get()
  @ApiOkResponse({ standardSchema: deadLetterPage })
  async list(
    @Query({ schema: deadLetterQuery }) query: DeadLetterQuery,
    @Req() request: Request,
  ): Promise<Page<DeadLetterResponse>> {
    const { page, pageSize, queue, reason } = query;
    const { deadLetters, count } = await this.deadLetters.list(givenFields({ queue, reason }), {
      skip: (page - 1) * pageSize,
      take: pageSize,
    });
    return toPage(deadLetters.map(toDeadLetter), count, query, request.originalUrl);
  }

  /** Send all on their way again, or those of a queue or with a reason; tells which could not be and why. */
  @Post('redrive')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: redrivenSchema })
  async redriveAll(
    @Body({ schema: redriveBody }) filter: RedriveBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RedrivenResponse> {
    return this.deadLetters.redriveAll(givenFields(filter), actorOf(principal));
  }

  /** Send one on its way again. A task gets all its attempts back (202, with its place); a message goes to its queue (200). */
  @Post(':deadLetterId/redrive')
  @ApiAcceptedResponse({ standardSchema: redriveSchema })
  @ApiOkResponse({ standardSchema: redriveSchema })
  async redrive(
    @Param('deadLetterId') id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RedriveResponse> {
    if (!isUuid(id)) throw notFound('dead letter');
    const task = await this.deadLetters.redrive(id, actorOf(principal));
    response.status(task === null ? HttpStatus.OK : HttpStatus.ACCEPTED);
    if (task !== null) setLocation(response, `/tasks/${task.id}`);
    return { task: task === null ? null : toTaskResponse(task) };
  }
}
