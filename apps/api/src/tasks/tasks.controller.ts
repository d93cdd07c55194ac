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
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditLog } from '@app/audit';
import { type TaskEntity, TaskService } from '@app/tasks';
import type { Request, Response } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { orderingOf, type Page, pageOf, toPage } from '../http/listing.js';
import { setLocation } from '../http/location.js';
import {
  type TaskChanges,
  taskChanges,
  type TaskListQuery,
  taskListQuery,
  taskResponse,
  type TaskResponse,
  toTaskResponse,
} from './task.schemas.js';

@ApiTags('Tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TaskService,
    private readonly access: AccessService,
    private readonly audit: AuditLog,
  ) {}

  /** Work that was ordered, finished work included. */
  @Get()
  @Access({ signedIn: true })
  @ApiOkResponse({ standardSchema: pageOf(taskResponse) })
  async list(
    @Query({ schema: taskListQuery }) query: TaskListQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
  ): Promise<Page<TaskResponse>> {
    const { page, pageSize, ordering, customerId, datasetId, kind, status } = query;
    const { by, direction } = orderingOf(
      ordering,
      ['createdAt', 'finishedAt', 'status', 'kind'],
      '-createdAt',
    );
    const { tasks, count } = await this.tasks.list(
      {
        customerIds: await this.access.visibleCustomerIds(principal, customerId),
        ...(datasetId !== undefined && { datasetId }),
        ...(kind !== undefined && { kind }),
        ...(status !== undefined && { status }),
      },
      { orderBy: by, direction, skip: (page - 1) * pageSize, take: pageSize },
    );
    return toPage(tasks.map(toTaskResponse), count, query, request.originalUrl);
  }

  /** One task: how far it is, and how it ended. */
  @Get(':taskId')
  @Access({ role: 'viewer', of: 'task', param: 'taskId' })
  @ApiOkResponse({ standardSchema: taskResponse })
  async get(@Param('taskId') id: string): Promise<TaskResponse> {
    return toTaskResponse(await this.tasks.get(id));
  }

  /** Add a note, change the priority. */
  @Patch(':taskId')
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiOkResponse({ standardSchema: taskResponse })
  async update(
    @Param('taskId') id: string,
    @Body({ schema: taskChanges }) { note, priority }: TaskChanges,
  ): Promise<TaskResponse> {
    const changes = { ...(note !== undefined && { note }), ...(priority !== undefined && { priority }) };
    return toTaskResponse(await this.tasks.patch(id, changes));
  }

  /** A finished task leaves the lists; one that is not finished is cancelled. */
  @Delete(':taskId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiNoContentResponse()
  async remove(@Param('taskId') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    const task = await this.tasks.get(id);
    await this.tasks.remove(id);
    await this.record('task.delete', task, principal);
  }

  /** End a queued or running task now. */
  @Post(':taskId/cancel')
  @HttpCode(HttpStatus.OK)
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiOkResponse({ standardSchema: taskResponse })
  async cancel(@Param('taskId') id: string, @CurrentPrincipal() principal: Principal): Promise<TaskResponse> {
    const task = await this.tasks.cancel(id);
    await this.record('task.cancel', task, principal);
    return toTaskResponse(task);
  }

  /** Give a failed or cancelled task all its attempts again. */
  @Post(':taskId/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'task', param: 'taskId' })
  @ApiAcceptedResponse({ standardSchema: taskResponse })
  async retry(
    @Param('taskId') id: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TaskResponse> {
    const task = await this.tasks.retry(id);
    await this.record('task.retry', task, principal);
    setLocation(response, `/tasks/${id}`);
    return toTaskResponse(task);
  }

  private record(action: string, { id, customerId, kind }: TaskEntity, principal: Principal): Promise<void> {
    return this.audit.record(undefined, {
      action,
      ...actorOf(principal),
      customerId,
      resourceType: 'task',
      resourceId: id,
      details: { kind },
    });
  }
}
