import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { TaskService } from '@app/tasks';
import type { Request, Response } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { givenFields } from '../http/given-fields.js';
import { likePattern, orderingOf, type Page, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import {
  type TaskChangesBody,
  taskChangesBody,
  type TaskListQuery,
  taskListQuery,
  taskPage,
  type TaskResponse,
  taskResponse,
  toTaskResponse,
} from './task.schemas.js';
import { TaskEvents } from './task-events.js';

const ORDERINGS = ['createdAt', 'finishedAt', 'kind', 'status'] as const;

@ApiTags('Tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TaskService,
    private readonly events: TaskEvents,
    private readonly access: AccessService,
  ) {}

  /** Tasks of the customers one may see, the newest first; `search` looks into notes and errors. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: taskPage })
  async list(
    @Query({ schema: taskListQuery }) query: TaskListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<TaskResponse>> {
    const { datasetId, kind, status, search } = query;
    const pattern = search === undefined ? undefined : likePattern(search);
    const { by, direction } = orderingOf(query.ordering, ORDERINGS, '-createdAt');
    const { tasks, count } = await this.tasks.list(
      {
        customerIds: await this.access.visibleCustomerIds(principal, query.customerId),
        ...givenFields({ datasetId, kind, status, pattern }),
      },
      { orderBy: by, direction, skip: (query.page - 1) * query.pageSize, take: query.pageSize },
    );
    return toPage(tasks.map(toTaskResponse), count, query, request.originalUrl);
  }

  /** One task. */
  @Get(':taskId')
  @Access({ role: 'viewer', of: 'task', param: 'taskId' })
  @ApiOkResponse({ standardSchema: taskResponse })
  async get(@Param('taskId') taskId: string): Promise<TaskResponse> {
    return toTaskResponse(await this.tasks.get(taskId));
  }

  /** Change a task's note or priority. */
  @Patch(':taskId')
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiOkResponse({ standardSchema: taskResponse })
  async update(
    @Param('taskId') taskId: string,
    @Body({ schema: taskChangesBody }) body: TaskChangesBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TaskResponse> {
    return toTaskResponse(await this.tasks.patch(taskId, givenFields(body), actorOf(principal)));
  }

  /** A finished task leaves the lists; one that is not finished is cancelled. */
  @Delete(':taskId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiNoContentResponse()
  async remove(@Param('taskId') taskId: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.tasks.remove(taskId, actorOf(principal));
  }

  /** Stop a task that is not finished; what it was making is not shown. */
  @Post(':taskId/cancel')
  @HttpCode(HttpStatus.OK)
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiOkResponse({ standardSchema: taskResponse })
  async cancel(
    @Param('taskId') taskId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TaskResponse> {
    return toTaskResponse(await this.tasks.cancel(taskId, undefined, actorOf(principal)));
  }

  /** Have a failed or cancelled task tried again, with all its attempts. */
  @Post(':taskId/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiAcceptedResponse({ standardSchema: taskResponse })
  async retry(
    @Param('taskId') taskId: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TaskResponse> {
    const task = await this.tasks.retry(taskId, actorOf(principal));
    setLocation(response, `/tasks/${taskId}`);
    return toTaskResponse(task);
  }

  /** Server-sent events named `task`, whose data is the task: now, and after every change until it is finished. */
  @Get(':taskId/events')
  @Access({ role: 'viewer', of: 'task', param: 'taskId' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async follow(
    @Param('taskId') taskId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.events.stream(taskId, response, request.method === 'HEAD');
  }
}
