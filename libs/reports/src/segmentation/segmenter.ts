import { Inject, Injectable } from '@nestjs/common';
import type { ClusterOutcome } from '@app/clustering';
import { SETTINGS, type Settings } from '@app/config';
import { DuckEngine, FrameWriter, type WrittenTable } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import { type FeatureDefinition, topProductsQuery } from '@app/shopping';
import type { TaskContext } from '@app/tasks';
import { MEMBER_COLUMNS, memberFeature } from '../members/member-columns.js';
import type { ReportEntity, ReportMembers } from '../report.entity.js';
import { requireEnoughShoppers } from '../request/enough-shoppers.js';
import { clusterInThread } from './cluster-in-thread.js';
import { describeSegments, figuresOf, projectionOf, unitsOf } from './describe.js';
import type { ReportOutcome, TopProduct } from './outcome.js';
import { type OpenData, ReportData } from './report-data.js';
import { rowsOf, type ShopperColumns, ShopperFigures } from './shopper-figures.js';

const TOP_PRODUCTS = 5;
/** Steps besides those of the clustering: reading the habits, storing the members. */
const OTHER_STEPS = 2;

export interface Segmentation {
  outcome: ReportOutcome;
  members: ReportMembers;
}

interface ReadShoppers {
  columns: ShopperColumns;
  features: FeatureDefinition[];
  data: ReportOutcome['data'];
}

interface StoredSegments {
  topProducts: Map<number, TopProduct[]>;
  written: WrittenTable;
}

/** Habits of the shoppers → clusters → segments in plain words, with the members as frames. */
@Injectable()
export class Segmenter {
  constructor(
    private readonly data: ReportData,
    private readonly engine: DuckEngine,
    private readonly writer: FrameWriter,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws Problem unprocessable where the data is too thin or cannot be clustered */
  async segment(report: ReportEntity, context: TaskContext): Promise<Segmentation> {
    const { params } = report;
    context.progress({ done: 0, total: params.kMax - params.kMin + 1 + OTHER_STEPS, unit: 'step' });
    const figures = new ShopperFigures(params.features.length);
    try {
      const started = performance.now();
      const { columns, features, data } = await this.read(report, context, figures);
      requireEnoughShoppers(columns.shoppers, params.k, this.settings.minShoppers);
      const read = performance.now();
      const clusters = await this.cluster(report, context, columns);
      const clustered = performance.now();
      const { segments, labels } = describeSegments(columns, clusters, report);
      const { topProducts, written } = await this.store(report, context, figures, labels, data.asOf);
      const milliseconds = {
        read: Math.round(read - started),
        cluster: Math.round(clustered - read),
        store: Math.round(performance.now() - clustered),
      };
      this.logger.info({ reportId: report.id, shoppers: data.shoppers, milliseconds }, 'shoppers segmented');
      const { selection, k, inertia, silhouette, stability, projection } = clusters;
      return {
        members: { ...written, revision: context.fence },
        outcome: {
          data,
          selection,
          k,
          quality: { inertia, silhouette, stability },
          features,
          segments: segments.map((segment) => ({
            ...segment,
            topProducts: topProducts.get(segment.index) ?? [],
          })),
          projection: projectionOf(projection, labels),
        },
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
    return this.data.open(report, signal, async ({ connection, table, asOf }) => {
      await figures.create(connection, table);
      const columns = await figures.read(connection);
      return { columns, features: unitsOf(table.features, report), data: figuresOf(columns, asOf, report) };
    });
  }

  private store(
    { id, input, params }: ReportEntity,
    { signal, fence }: TaskContext,
    figures: ShopperFigures,
    labels: Uint8Array,
    asOf: string | null,
  ): Promise<StoredSegments> {
    return this.data.open({ input, params: { ...params, asOf } }, signal, async (data) => {
      await figures.label(data.connection, labels);
      const topProducts = await this.topProducts(data, figures);
      const written = await this.writer.write(data.connection, {
        ownerId: id,
        revision: fence,
        sql: figures.members,
        names: [...MEMBER_COLUMNS, ...params.features.map(memberFeature)],
        signal,
      });
      return { topProducts, written };
    });
  }

  private async drop(figures: ShopperFigures): Promise<void> {
    // Only an engine that was closed refuses, and it has dropped everything.
    await this.engine.connect((connection) => figures.drop(connection)).catch(() => undefined);
  }

  private cluster(
    { params }: ReportEntity,
    context: TaskContext,
    { features }: ShopperColumns,
  ): Promise<ClusterOutcome> {
    const { transform, scaling, k, kMin, kMax, seed } = params;
    return clusterInThread(
      { columns: features, names: params.features, transform, scaling, k, kMin, kMax, seed },
      {
        signal: context.signal,
        onProgress: (done, total) =>
          context.progress({ done: done + 1, total: total + OTHER_STEPS, unit: 'step' }),
      },
    );
  }

  /** By segment; nothing where the data names no products or no amounts. */
  private async topProducts(
    { connection, sales, asOf }: OpenData,
    figures: ShopperFigures,
  ): Promise<Map<number, TopProduct[]>> {
    const bySegment = new Map<number, TopProduct[]>();
    if (asOf === null) return bySegment;
    const rows = await rowsOf(connection, topProductsQuery(sales, figures.groups, asOf, TOP_PRODUCTS));
    for (const { segment, product, revenue } of rows) {
      if (typeof revenue !== 'number') continue;
      const products = bySegment.get(Number(segment)) ?? [];
      // NUL is no character for Postgres.
      products.push({ product: String(product).replaceAll('\0', '\u{FFFD}'), revenue });
      bySegment.set(Number(segment), products);
    }
    return bySegment;
  }
}
