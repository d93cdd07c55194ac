import { Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { reachable } from '@app/frames';
import { type CheckReport, ConsistencyCheck } from '@app/inspection';
import { Access } from '../../access/index.js';
import { type CheckResponse, checkSchema, toCheck } from './check.response.js';

@ApiTags('Administration')
@Controller('admin/check')
@Access({ administrator: true })
export class CheckController {
  private running: Promise<CheckReport> | undefined;

  constructor(private readonly check: ConsistencyCheck) {}

  /** Compare Postgres, MongoDB, blobs, queues, cache and audit: every difference, with what to do about it. */
  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ standardSchema: checkSchema })
  async run(): Promise<CheckResponse> {
    // Those who ask meanwhile get the same one.
    this.running ??= reachable(() => this.check.run()).finally(() => {
      this.running = undefined;
    });
    return toCheck(await this.running);
  }
}
