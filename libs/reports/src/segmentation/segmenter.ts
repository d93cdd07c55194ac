import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { type DuckDBConnection, DuckEngine, FrameWriter } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import type { FeatureDefinition } from '@app/shopping';
import type { TaskContext } from '@app/tasks';
import { Continuations } from '../comparison/continuations.js';
import { MEMBER_COLUMNS, memberFeature, RFM_SCORES } from '../members/member-columns.js';
import type { Continuation, ReportEntity, ReportMembers } from '../report.entity.js';
import { requireTellingShoppers } from '../request/enough-shoppers.js';
import { currencyOf, figuresOf, unitsOf } from './describe.js';
import type { ReportOutcome } from './outcome.js';
import { ReportData } from './report-data.js';
import { reportProgress } from './report-progress.js';
import { scoreShoppers } from './rfm-table.js';
import { categoriesOf, examplesOf, topProductsOf } from './segment-details.js';
import type { SegmentedShoppers } from './segment-shoppers.js';
import { type SegmentationRun, SegmentationThreads } from './segmentation-threads.js';
import { type GivenGroups, type ShopperColumns, ShopperFigures } from './shopper-figures.js';

export interface Segmentation {
  outcome: ReportOutcome;
  members: ReportMembers;
  continues: (Continuation | null)[];
}

interface ReadShoppers {
  columns: ShopperColumns;
  groups: GivenGroups | null;
  features: FeatureDefinition[];
  data: ReportOutcome['data'];
}

interface StoredSegments {
  continues: (Continuation | null)[];
  segments: ReportOutcome['segments'];
  rfm: ReportOutcome['rfm'];
  members: ReportMembers;
}

/** Habits of the shoppers → clusters → segments in plain words, with the members as frames. */
@Injectable()
export class Segmenter {
  constructor(
    private readonly data: ReportData,
    private readonly threads: SegmentationThreads,
    private readonly engine: DuckEngine,
    private readonly writer: FrameWriter,
    private readonly continuations: Continuations,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws Problem unprocessable where the data is too thin or cannot be clustered */
  async segment(report: ReportEntity, context: TaskContext): Promise<Segmentation> {
    const { params } = report;
    context.progress(reportProgress('reading', 0));
    this.threads.prepare();
    const figures = new ShopperFigures(params.features.length);
    try {
      const started = performance.now();
      const { columns, groups, features, data } = await this.read(report, context, figures);
      const read = performance.now();
      const run = this.divide(report, context, columns, groups);
      const segmented = await run.segmented;
      const divided = performance.now();
      context.progress(reportProgress('storing', 0));
      const { segments, rfm, members, continues } = await this.store(
        report,
        context,
        figures,
        segmented,
        data.asOf,
      );
      const { projection, stability } = await run.judged;
      const milliseconds = {
        read: Math.round(read - started),
        cluster: Math.round(divided - read),
        store: Math.round(performance.now() - divided),
      };
      this.logger.info({ reportId: report.id, shoppers: data.shoppers, milliseconds }, 'shoppers segmented');
      const { selection, k } = segmented;
      const quality = { ...segmented.quality, stability };
      return {
        members,
        continues,
        outcome: { data, selection, k, quality, features, segments, projection, rfm },
      };
    } finally {
      await this.drop(figures);
    }
  }

  private read(
    report: ReportEntity,
    { signal }: TaskContext,
    figures: ShopperFigures,
  ): Promise<ReadShoppers> {
    const { params, input } = report;
    return this.data.open(report, { signal, ownWork: true }, async ({ connection, table, asOf }) => {
      await figures.create(connection, table);
      const counts = await figures.counts(connection);
      requireTellingShoppers(counts, params.k, this.settings.minShoppers);
      const columns = await figures.read(connection);
      const groupBy = input.texts.findIndex(({ name }) => name === params.groupBy);
      return {
        columns,
        groups: groupBy === -1 ? null : await figures.given(connection, groupBy, columns.shoppers),
        features: unitsOf(table.features, report),
        data: figuresOf(columns, asOf, report),
      };
    });
  }

  /** What needs the segments of the shoppers, all at the same time. */
  private async store(
    report: ReportEntity,
    { signal, fence }: TaskContext,
    figures: ShopperFigures,
    { segments, labels, examples }: SegmentedShoppers,
    asOf: string | null,
  ): Promise<StoredSegments> {
    const { input, params } = report;
    await this.engine.connect((connection) => figures.label(connection, labels), { signal });
    const sizes = segments.map(({ size }) => size);
    const [topProducts, { ids, categories }, { rfm, members }, continues] = await allOf([
      this.data.open({ input, params: { ...params, asOf } }, { signal, ownWork: true }, (data) =>
        topProductsOf(data, figures),
      ),
      this.engine.connect(
        async (connection) => ({
          ids: await examplesOf(connection, figures, examples),
          categories: await categoriesOf(connection, figures, input.texts, sizes),
        }),
        { signal },
      ),
      this.engine.connect((connection) => this.write(connection, report, figures, { signal, fence }), {
        signal,
      }),
      this.continuations.find(report, figures, segments, signal),
    ]);
    return {
      members,
      rfm,
      continues,
      segments: segments.map((segment, index) => ({
        ...segment,
        topProducts: topProducts.get(segment.index) ?? [],
        examples: ids[index] ?? [],
        categories: categories[index] ?? [],
      })),
    };
  }

  private async write(
    connection: DuckDBConnection,
    { id, params }: ReportEntity,
    figures: ShopperFigures,
    { signal, fence }: Pick<TaskContext, 'signal' | 'fence'>,
  ): Promise<Pick<StoredSegments, 'rfm' | 'members'>> {
    const scores = params.rfm === null ? null : await scoreShoppers(connection, figures, params.rfm);
    const written = await this.writer.write(connection, {
      ownerId: id,
      revision: fence,
      sql: figures.members(scores),
      names: [
        ...MEMBER_COLUMNS,
        ...params.features.map(memberFeature),
        ...(scores === null ? [] : RFM_SCORES.map(({ member }) => member)),
      ],
      signal,
    });
    return { members: { ...written, revision: fence }, rfm: scores?.summary ?? null };
  }

  private async drop(figures: ShopperFigures): Promise<void> {
    // Only an engine that was closed refuses, and it has dropped everything.
    await this.engine.connect((connection) => figures.drop(connection)).catch(() => undefined);
  }

  private divide(
    { input, params }: ReportEntity,
    context: TaskContext,
    { features, totalRevenue, revenue, recency, orders, span }: ShopperColumns,
    groups: GivenGroups | null,
  ): SegmentationRun {
    const { transform, scaling, k, kMin, kMax, seed } = params;
    const habits =
      input.kind === 'shoppers' ? null : { recencyDays: recency, frequency: orders, spanDays: span };
    return this.threads.run(
      {
        request: {
          columns: features,
          names: params.features,
          transform,
          scaling,
          k,
          kMin,
          kMax,
          seed,
          exactSilhouettes: this.settings.exactSilhouetteShoppers,
        },
        groups,
        revenue: totalRevenue === null ? null : revenue,
        habits,
        currency: currencyOf(input),
        threads: this.settings.clusteringThreads,
      },
      {
        signal: context.signal,
        onProgress: (phase, share) => context.progress(reportProgress(phase, share)),
      },
    );
  }
}

/** Waits for all of them even where one fails, so that none goes on working with what is dropped then. */
async function allOf<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
