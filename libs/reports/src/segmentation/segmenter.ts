import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { DuckEngine, FrameWriter } from '@app/frames';
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
import { segmentInThread } from './segment-in-thread.js';
import type { SegmentedShoppers } from './segment-shoppers.js';
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
  segments: ReportOutcome['segments'];
  rfm: ReportOutcome['rfm'];
  members: ReportMembers;
}

/** Habits of the shoppers → clusters → segments in plain words, with the members as frames. */
@Injectable()
export class Segmenter {
  constructor(
    private readonly data: ReportData,
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
    const figures = new ShopperFigures(params.features.length);
    try {
      const started = performance.now();
      const { columns, groups, features, data } = await this.read(report, context, figures);
      const read = performance.now();
      const segmented = await this.divide(report, context, columns, groups);
      const divided = performance.now();
      context.progress(reportProgress('storing', 0));
      const { segments, rfm, members } = await this.store(report, context, figures, segmented, data.asOf);
      const continues = await this.continuations.find(report, figures, segments, context.signal);
      const milliseconds = {
        read: Math.round(read - started),
        cluster: Math.round(divided - read),
        store: Math.round(performance.now() - divided),
      };
      this.logger.info({ reportId: report.id, shoppers: data.shoppers, milliseconds }, 'shoppers segmented');
      const { selection, k, quality, projection } = segmented;
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
    return this.data.open(report, signal, async ({ connection, table, asOf }) => {
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

  private store(
    { id, input, params }: ReportEntity,
    { signal, fence }: TaskContext,
    figures: ShopperFigures,
    { segments, labels, examples }: SegmentedShoppers,
    asOf: string | null,
  ): Promise<StoredSegments> {
    return this.data.open({ input, params: { ...params, asOf } }, signal, async (data) => {
      const { connection } = data;
      await figures.label(connection, labels);
      const scores = params.rfm === null ? null : await scoreShoppers(connection, figures, params.rfm);
      const topProducts = await topProductsOf(data, figures);
      const ids = await examplesOf(connection, figures, examples);
      const texts = input.texts;
      const categories = await categoriesOf(
        connection,
        figures,
        texts,
        segments.map(({ size }) => size),
      );
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
      return {
        members: { ...written, revision: fence },
        rfm: scores?.summary ?? null,
        segments: segments.map((segment, index) => ({
          ...segment,
          topProducts: topProducts.get(segment.index) ?? [],
          examples: ids[index] ?? [],
          categories: categories[index] ?? [],
        })),
      };
    });
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
  ): Promise<SegmentedShoppers> {
    const { transform, scaling, k, kMin, kMax, seed } = params;
    const habits =
      input.kind === 'shoppers' ? null : { recencyDays: recency, frequency: orders, spanDays: span };
    return segmentInThread(
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
      },
      {
        signal: context.signal,
        onProgress: (phase, share) => context.progress(reportProgress(phase, share)),
      },
    );
  }
}
