import { Inject, Injectable } from '@nestjs/common';
import type { ClusterOutcome } from '@app/clustering';
import { SETTINGS, type Settings } from '@app/config';
import { FrameWriter } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import { topProductsQuery } from '@app/shopping';
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

/** Habits of the shoppers → clusters → segments in plain words, with the members as frames. */
@Injectable()
export class Segmenter {
  constructor(
    private readonly data: ReportData,
    private readonly writer: FrameWriter,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws Problem unprocessable where the data is too thin or cannot be clustered */
  segment(report: ReportEntity, context: TaskContext): Promise<Segmentation> {
    const { kMin, kMax } = report.params;
    context.progress({ done: 0, total: kMax - kMin + 1 + OTHER_STEPS, unit: 'step' });
    return this.data.open(report, context.signal, async (data) => {
      const shoppers = await ShopperFigures.create(data.connection, data.table);
      try {
        return await this.segmentShoppers(report, context, data, shoppers);
      } finally {
        await shoppers.drop();
      }
    });
  }

  private async segmentShoppers(
    report: ReportEntity,
    context: TaskContext,
    data: OpenData,
    shoppers: ShopperFigures,
  ): Promise<Segmentation> {
    const started = performance.now();
    const columns = await shoppers.read();
    requireEnoughShoppers(columns.shoppers, report.params.k, this.settings.minShoppers);
    const read = performance.now();
    const clusters = await this.cluster(report, context, columns);
    const clustered = performance.now();
    const { segments, labels } = describeSegments(columns, clusters, report);
    await shoppers.label(labels);
    const topProducts = await this.topProducts(data, shoppers);
    const written = await this.writer.write(data.connection, {
      ownerId: report.id,
      revision: context.fence,
      sql: shoppers.members,
      names: [...MEMBER_COLUMNS, ...report.params.features.map(memberFeature)],
      signal: context.signal,
    });
    this.logger.info(
      {
        reportId: report.id,
        shoppers: columns.shoppers,
        milliseconds: {
          read: read - started,
          cluster: clustered - read,
          store: performance.now() - clustered,
        },
      },
      'shoppers segmented',
    );
    return {
      members: { ...written, revision: context.fence },
      outcome: {
        data: figuresOf(columns, data.asOf, report),
        selection: clusters.selection,
        k: clusters.k,
        quality: {
          inertia: clusters.inertia,
          silhouette: clusters.silhouette,
          stability: clusters.stability,
        },
        features: unitsOf(data.table.features, report),
        segments: segments.map((segment) => ({
          ...segment,
          topProducts: topProducts.get(segment.index) ?? [],
        })),
        projection: projectionOf(clusters.projection, labels),
      },
    };
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
    shoppers: ShopperFigures,
  ): Promise<Map<number, TopProduct[]>> {
    const bySegment = new Map<number, TopProduct[]>();
    if (asOf === null) return bySegment;
    const rows = await rowsOf(connection, topProductsQuery(sales, shoppers.groups, asOf, TOP_PRODUCTS));
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
