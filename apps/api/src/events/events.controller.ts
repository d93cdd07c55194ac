import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { invalidParameter } from '@app/problems';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access, CurrentPrincipal, type Principal } from '../access/index.js';
import { CallerEvents } from './caller-events.js';

const POSITION = /^\d{1,15}$/;

const eventsQuery = z.strictObject({
  follow: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'false: end once everything that was missed is sent.' }),
});
type EventsQuery = z.infer<typeof eventsQuery>;

@ApiTags('Events')
@Controller('events')
export class EventsController {
  constructor(private readonly events: CallerEvents) {}

  /**
   * What happens at the caller's customers as server-sent events: `task` (a task as it is now) and `notification`.
   * `Last-Event-ID` continues where another stream broke off, without a gap; `reset` says that it is too long ago.
   * Progress of running tasks comes without an id. The first event, `ready`, tells how many notifications are unread.
   */
  @Get()
  @Access({ signedIn: true })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The id of the last event one has.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async follow(
    @Query({ schema: eventsQuery }) query: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (lastEventId !== undefined && lastEventId !== '' && !POSITION.test(lastEventId)) {
      throw invalidParameter('Last-Event-ID', 'not the id of an event');
    }
    await this.events.stream(
      {
        principal,
        after: lastEventId === undefined || lastEventId === '' ? undefined : Number(lastEventId),
        follow: query.follow === 'true' && request.method !== 'HEAD',
      },
      response,
    );
  }
}
