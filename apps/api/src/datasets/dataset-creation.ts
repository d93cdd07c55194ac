import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { DatasetService, type NewDataset, TrialService, UploadIntake } from '@app/datasets';
import { z } from 'zod';
import { AccessService, actorOf, type Principal } from '../access/index.js';
import { validationProblem } from '../http/validation.js';
import { taskResponse, toTaskResponse } from '../tasks/task.schemas.js';
import { requireEarly } from '../uploads/early-check.js';
import { toTrial, type TrialResponse } from '../uploads/trial.response.js';
import { type FormRules, UploadForms } from '../uploads/upload-form.js';
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
    private readonly trials: TrialService,
    @Inject(SETTINGS) private readonly settings: Settings,
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
    return this.forms.receive(request, this.rules(principal), async ({ fields, file }) => {
      const { dataset, upload, task } = await this.intake.acceptInto(
        givenOf(fields),
        { ...file, mode: 'append', keyColumns: [] },
        actorOf(principal),
      );
      return {
        dataset: toDataset(await this.datasets.view(dataset)),
        upload: toUpload({ upload, revision: null }),
        task: toTaskResponse(task),
      };
    });
  }

  /**
   * What {@link withFile} would give; nothing is kept.
   * @throws Problem as {@link withFile}, but duplicate, and as the task that loads the file would fail with
   */
  tryOut(request: IncomingMessage, principal: Principal): Promise<TrialResponse> {
    const rules = { ...this.rules(principal), maxBytes: this.settings.files.maxDryRunBytes };
    return this.forms.receive(request, rules, async ({ fields, ...form }) => {
      const dataset = this.datasets.draft(givenOf(fields), form.file.options.mapping);
      const file = { ...form.file, mode: 'append' as const, keyColumns: [] };
      return toTrial(await this.trials.run(dataset, file), form);
    });
  }

  private rules(principal: Principal): FormRules<NewDatasetFields> {
    return {
      fields: newDatasetFields,
      onField: requireEarly(this.access, principal, NEEDED_ROLE),
      check: async (fields) => {
        await this.access.require(principal, fields.customerId, NEEDED_ROLE);
        await this.datasets.checkStore(fields);
      },
    };
  }
}

type NewDatasetFields = z.infer<typeof newDatasetFields>;

const givenOf = ({
  customerId,
  name,
  storeId,
  description,
  kind,
  duplicates,
  maxRejectedShare,
}: NewDatasetFields): NewDataset => ({
  customerId,
  name,
  storeId,
  description,
  kind,
  duplicates,
  maxRejectedShare,
});
