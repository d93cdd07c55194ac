import { Body, Controller, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { ExportOrders } from '@app/datasets';
import { EXPORT_FORMATS, FILTER_OPERATORS, type RowFilter } from '@app/frames';
import type { Response } from 'express';
import { z } from 'zod';
import { Access, actorOf, CurrentPrincipal, type Principal } from '../../access/index.js';
import { setLocation } from '../../http/location.js';
import { columnName, text } from '../../http/text.js';
import { taskResponse, toTaskResponse } from '../../tasks/task.schemas.js';

const MAX_FILTERS = 50;

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const values = z.union([value, z.array(value)]);
const operator = z.enum(FILTER_OPERATORS);

/** By column as in `filter[Column][operator]=value`, or a list of them. */
const filters = z.union([
  z
    .array(z.strictObject({ column: columnName, operator: operator.default('eq'), value: values }))
    .max(MAX_FILTERS),
  z.record(columnName, z.union([value, z.partialRecord(operator, values)])),
]);

const orderBody = z.strictObject({
  format: z.enum(EXPORT_FORMATS).default('parquet'),
  filters: filters.default([]),
  /** Without a bucket a folder below those that sources may use. */
  to: z.strictObject({ bucket: text(63).nullable().default(null), prefix: text(1024, 0).default('') }),
});

const startedExport = z.object({ task: taskResponse });

function listOf(given: z.infer<typeof filters>): RowFilter[] {
  if (Array.isArray(given)) return given;
  return Object.entries(given).flatMap(([column, asked]): RowFilter[] =>
    typeof asked === 'string'
      ? [{ column, operator: 'eq', value: asked }]
      : Object.entries(asked).map(([name, wanted]) => ({
          column,
          operator: name as RowFilter['operator'],
          value: wanted,
        })),
  );
}

@ApiTags('Datasets')
@Controller('datasets')
export class ExportOrderController {
  constructor(private readonly orders: ExportOrders) {}

  /**
   * All rows that match, written to a bucket or a folder as files of up to a million rows each, with the dataset's names and
   * types of columns: `part-00000.parquet`… and, once all are there, `_SUCCESS`.
   */
  @Post(':datasetId/export')
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ role: 'analyst', of: 'dataset', param: 'datasetId' })
  @ApiAcceptedResponse({ standardSchema: startedExport })
  async order(
    @Param('datasetId') id: string,
    @Body({ schema: orderBody }) body: z.infer<typeof orderBody>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof startedExport>> {
    const order = { ...body, filters: listOf(body.filters) };
    const task = await this.orders.request(id, order, actorOf(principal));
    setLocation(response, `/tasks/${task.id}`);
    return { task: toTaskResponse(task) };
  }
}
