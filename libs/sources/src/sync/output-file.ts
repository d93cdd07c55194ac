import { Injectable } from '@nestjs/common';
import { DatasetService } from '@app/datasets';
import { FrameExport } from '@app/frames';
import { joinKey, Places } from '@app/storage';
import type { SourceEntity } from '../source.entity.js';
import type { RunOutput } from '../source-run.entity.js';

export const OUTPUT_NAME = 'output.csv';

/** Writes what a source's dataset shows to where others fetch it. */
@Injectable()
export class OutputFile {
  constructor(
    private readonly datasets: DatasetService,
    private readonly exports: FrameExport,
    private readonly places: Places,
  ) {}

  /** @returns null where nothing is to be written */
  async write(
    { customerId, datasetId, publishTo, bundle }: SourceEntity,
    signal: AbortSignal,
  ): Promise<RunOutput | null> {
    if (publishTo === null) return null;
    const visible = await this.datasets.visibleSet(datasetId);
    if (visible === null) return null;
    // Programs read it: texts stay as they are, and that there is an image shows by its path.
    const columns = visible.columns.map(({ name }) => name).filter((name) => name !== bundle?.imageColumn);
    const place = this.places.open(customerId, publishTo);
    const { rowCount, content } = await this.exports.write(
      visible,
      { format: 'csv', raw: true, columns },
      signal,
    );
    await place.put(OUTPUT_NAME, content, signal);
    return { bucket: publishTo.bucket, key: joinKey(publishTo.prefix, OUTPUT_NAME), rowCount };
  }
}
