import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { DatasetService, UploadIntake } from '@app/datasets';
import { z } from 'zod';
import { AccessService, actorOf, type Principal } from '../access/index.js';
import { validationProblem } from '../http/validation.js';
import { taskResponse, toTaskResponse } from '../tasks/task.schemas.js';
import { requireEarly } from '../uploads/early-check.js';
import { UploadForms } from '../uploads/upload-form.js';
import { toUpload, uploadSchema } from '../uploads/upload.response.js';
import { newDatasetFields, newDatasetSchema } from './dataset.request.js';
import { type DatasetResponse, datasetSchema, toDataset } from './dataset.response.js';

export const startedDatasetSchema = z.object({
  dataset: datasetSchema,
  upload: uploadSchema,
  task: taskResponse,
});

export type StartedDataset = z.infer<typeof startedDatasetSchema>;

const NEEDED_ROLE = 'analyst';

/** Makes datasets; the customer stands in the body, so this is also where it is checked who may. */
@Injectable()
export class DatasetCreation {
  constructor(
    private readonly datasets: DatasetService,
    private readonly intake: UploadIntake,
    private readonly forms: UploadForms,
    private readonly access: AccessService,
  ) {}

  /** @throws Problem invalid_parameter; not_found for a strange customer or store */
  async empty(body: unknown, principal: Principal): Promise<DatasetResponse> {
    const given = newDatasetSchema.safeParse(body);
    if (!given.success) throw validationProblem(given.error.issues);
    const { kind, ...fields } = given.data;
    await this.access.require(principal, fields.customerId, NEEDED_ROLE);
    const dataset = await this.datasets.create({ ...fields, kind: kind ?? undefined }, actorOf(principal));
    return toDataset(await this.datasets.view(dataset));
  }

  /** @throws Problem as {@link UploadForms.receive}, and duplicate */
  withFile(request: IncomingMessage, principal: Principal): Promise<StartedDataset> {
    return this.forms.receive(
      request,
      {
        fields: newDatasetFields,
        onField: requireEarly(this.access, principal, NEEDED_ROLE),
        check: async (fields) => {
          await this.access.require(principal, fields.customerId, NEEDED_ROLE);
          await this.datasets.checkStore(fields);
        },
      },
      async ({ fields, file }) => {
        const { customerId, name, storeId, description, kind, duplicates, maxRejectedShare } = fields;
        const { dataset, upload, task } = await this.intake.acceptInto(
          { customerId, name, storeId, description, kind, duplicates, maxRejectedShare },
          { ...file, mode: 'append', keyColumns: [] },
          actorOf(principal),
        );
        return {
          dataset: toDataset(await this.datasets.view(dataset)),
          upload: toUpload({ upload, revision: null }),
          task: toTaskResponse(task),
        };
      },
    );
  }
}
