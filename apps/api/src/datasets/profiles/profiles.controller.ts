import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DatasetService, ProfileService } from '@app/datasets';
import type { Response } from 'express';
import { z } from 'zod';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../../access/index.js';
import { setLocation } from '../../http/location.js';
import { taskResponse, type TaskResponse, toTaskResponse } from '../../tasks/task.schemas.js';
import { DatasetProcessing, processBody, type ProcessBody } from './dataset-processing.js';
import { type ProfileResponse, profileSchema, toProfile } from './profile.response.js';

@ApiTags('Datasets')
@Controller('datasets')
export class ProfilesController {
  constructor(
    private readonly datasets: DatasetService,
    private readonly profiles: ProfileService,
    private readonly processing: DatasetProcessing,
  ) {}

  /**
   * What the last profile task found, column by column; 404 where there was none. `current` is false where the dataset
   * changed since.
   */
  @Get(':datasetId/profile')
  @Access({ role: 'viewer', of: 'dataset', param: 'datasetId' })
  @ApiOkResponse({ standardSchema: profileSchema })
  async profile(@Param('datasetId') id: string): Promise<ProfileResponse> {
    return toProfile(await this.profiles.latest(await this.datasets.get(id)));
  }

  /**
   * Profile the dataset, look for anomalies across its files and links (they stand in the task's result), or group its
   * shoppers (`params` as for a report). Without a kind: segmentation of transactions
   * and shoppers, else a profile. Where the same is being done already, the answer is that task.
   */
  @Post(':datasetId/process')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'dataset', param: 'datasetId' })
  @ApiAcceptedResponse({ standardSchema: z.object({ task: taskResponse }) })
  async process(
    @Param('datasetId') id: string,
    @Body({ schema: processBody }) body: ProcessBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ task: TaskResponse }> {
    const task = await this.processing.start(id, body, actorOf(principal));
    setLocation(response, `/tasks/${task.id}`);
    return { task: toTaskResponse(task) };
  }
}
