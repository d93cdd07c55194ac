import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { DatasetEntity, DatasetService, DEFAULT_TIMEZONE, UploadEntity } from '@app/datasets';
import type { Column, VisibleSet } from '@app/frames';
import { notFound, Problem } from '@app/problems';
import { isAvailable, productNameColumn, type Role } from '@app/shopping';
import { StoreEntity, StoreService } from '@app/stores';
import { type EntityManager, In, IsNull } from 'typeorm';
import {
  chooseHabits,
  chooseNumbers,
  chooseTexts,
  inAll,
  physicalRoles,
  requireSalesRoles,
} from './column-roles.js';
import type { InputDataset, ReportInput } from './report-input.js';
import type { ReportRequest } from './report-params.js';

export interface SelectedData {
  /** What the report is made of; not asked for where a report of the same data stands already. */
  input: () => Promise<ReportInput>;
  features: string[];
  /** What of the data goes into the fingerprint. */
  versions: object[];
}

export interface StoreData {
  storeId: string;
  datasetIds: string[];
}

/** With its store, also one that was removed since. */
type ChosenDataset = DatasetEntity & { store: StoreEntity | null };

interface Candidate {
  dataset: DatasetEntity;
  visible: VisibleSet;
  roles: Partial<Record<Role, string>>;
  /** ISO 4217; null where its store names none. */
  currency: string | null;
}

/** Finds the data a request means, and refuses at once what the stored column tables already tell. */
@Injectable()
export class DataSelector {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly stores: StoreService,
  ) {}

  /** @throws Problem not_found for an unknown store or dataset; unprocessable where no report can be made of the data */
  async select(customerId: string, request: ReportRequest): Promise<SelectedData> {
    const chosen = await this.choose(customerId, request);
    const candidates = await this.withData(chosen);
    if (candidates.length === 0) {
      throw new Problem('unprocessable', 'There is no data yet: upload sales first.');
    }
    const people = candidates.filter(({ dataset }) => dataset.kind === 'shoppers');
    if (people.length === 0) return this.transactions(candidates, request);
    if (people.length === candidates.length) return this.shoppers(candidates, request);
    throw new Problem(
      'unprocessable',
      'Sales and rows that each are one shopper cannot be put into one report; name datasets of one kind.',
      { fields: { datasetIds: ['datasets of one kind'] } },
    );
  }

  /**
   * The stores that a report per store means, each with its datasets: those named, else all that have data.
   * @throws Problem not_found, unprocessable where no store has data
   */
  async storesMeant(customerId: string, request: ReportRequest): Promise<StoreData[]> {
    const chosen = await this.choose(customerId, request);
    const homeless = chosen.find(({ storeId }) => storeId === null);
    if (request.datasetIds !== undefined && homeless !== undefined) {
      throw new Problem('unprocessable', `The dataset "${homeless.name}" belongs to no store.`);
    }
    const named = request.storeIds ?? [];
    const found = chosen.flatMap(({ storeId }) => storeId ?? []);
    const storeIds = [...new Set([...named, ...found])].sort();
    if (storeIds.length === 0) {
      throw new Problem(
        'unprocessable',
        'No store has data yet: say in the datasets which store they belong to.',
      );
    }
    return storeIds.map((storeId) => ({
      storeId,
      datasetIds: chosen.filter((dataset) => dataset.storeId === storeId).map(({ id }) => id),
    }));
  }

  /** Datasets that are named, else all with transactions, else all with shoppers, else whatever there is. */
  private async choose(customerId: string, request: ReportRequest): Promise<ChosenDataset[]> {
    const storeIds = request.storeIds ?? (request.storeId === undefined ? undefined : [request.storeId]);
    for (const storeId of storeIds ?? []) await this.stores.get(customerId, storeId);
    const query = this.manager
      .createQueryBuilder(DatasetEntity, 'dataset')
      .leftJoinAndMapOne('dataset.store', StoreEntity, 'store', 'store.id = dataset.storeId')
      .where({ customerId, deletedAt: IsNull() })
      .orderBy('dataset.id');
    if (storeIds !== undefined) query.andWhere({ storeId: In(storeIds) });
    if (request.datasetIds !== undefined) query.andWhere({ id: In(request.datasetIds) });
    const found = (await query.getMany()) as ChosenDataset[];
    if (request.datasetIds !== undefined) {
      if (found.length < request.datasetIds.length) throw notFound('dataset');
      return found;
    }
    const filled = found.filter(({ visibleSetId }) => visibleSetId !== null);
    const ofKind = (kind: DatasetEntity['kind']): ChosenDataset[] =>
      filled.filter((dataset) => dataset.kind === kind);
    return [ofKind('transactions'), ofKind('shoppers'), filled].find(({ length }) => length > 0) ?? [];
  }

  private async withData(datasets: readonly ChosenDataset[]): Promise<Candidate[]> {
    const candidates: Candidate[] = [];
    for (const dataset of datasets) {
      const { store } = dataset;
      const timezone = store?.timezone ?? DEFAULT_TIMEZONE;
      const visible = await this.datasets.visibleSetOf(dataset, { timezone });
      if (visible === null || visible.rowCount === 0) continue;
      const roles = physicalRoles(visible.columns, dataset.mapping.roles);
      // A store that was removed since no longer names a currency.
      const currency = store?.deletedAt === null ? store.currency : null;
      candidates.push({ dataset, visible, roles, currency });
    }
    return candidates;
  }

  private async transactions(
    candidates: readonly Candidate[],
    request: ReportRequest,
  ): Promise<SelectedData> {
    for (const { dataset, visible, roles } of candidates) {
      requireSalesRoles(dataset.name, visible.columns, roles);
    }
    const roles = candidates.map((candidate) => new Set(Object.keys(candidate.roles) as Role[]));
    const features = chooseHabits(request.features, roles);
    if (request.groupBy !== undefined) {
      throw new Problem('unprocessable', 'groupBy takes a dataset with one row a shopper.');
    }
    if (request.rfm !== undefined && !roles.every((own) => isAvailable('monetary', own))) {
      throw new Problem('unprocessable', 'rfm needs a column for amount, or unitPrice.');
    }
    requireOneCurrency(candidates);
    return {
      input: async () => ({
        kind: 'transactions',
        datasets: await this.inputs(candidates),
        numbers: [],
        texts: [],
      }),
      features,
      versions: candidates.map(versionOf),
    };
  }

  private async shoppers(candidates: readonly Candidate[], request: ReportRequest): Promise<SelectedData> {
    if (request.rfm !== undefined) {
      throw new Problem('unprocessable', 'rfm takes transactions: rows with a shopper and a time.');
    }
    const { groupBy, features } = request;
    const numbers = inAll(
      candidates.map(({ dataset, visible, roles }) => {
        const others = visible.columns.filter(({ name }) => name !== groupBy);
        return chooseNumbers(dataset.name, features, others, roles.shopperId);
      }),
    );
    if (numbers.length === 0) {
      throw new Problem('unprocessable', 'The datasets have no number column of the same name.');
    }
    const texts = inAll(
      candidates.map(({ visible, roles }) => chooseTexts(visible.columns, roles.shopperId, groupBy)),
    );
    requireOneCurrency(candidates);
    return {
      input: async () => ({ kind: 'shoppers', datasets: await this.inputs(candidates), numbers, texts }),
      features: numbers.map(({ name }) => name),
      versions: candidates.map(versionOf),
    };
  }

  private async inputs(candidates: readonly Candidate[]): Promise<InputDataset[]> {
    const hashes = await this.hashes(candidates);
    return candidates.map(({ dataset, visible, roles, currency }) => ({
      datasetId: dataset.id,
      visibleSetId: visible.id,
      rowCount: visible.rowCount,
      timezone: visible.timezone,
      currency,
      columns: roles,
      productName: physicalName(visible.columns, productNameColumn(visible.columns, dataset.mapping.roles)),
      uploads: visible.uploads.map(({ uploadId }) => ({ id: uploadId, sha256: hashes.get(uploadId) ?? '' })),
    }));
  }

  private async hashes(candidates: readonly Candidate[]): Promise<Map<string, string>> {
    const ids = candidates.flatMap(({ visible }) => visible.uploads.map(({ uploadId }) => uploadId));
    const uploads = await this.manager.find(UploadEntity, {
      where: { id: In(ids) },
      select: { id: true, sha256: true },
    });
    return new Map(uploads.map(({ id, sha256 }) => [id, sha256]));
  }
}

const physicalName = (columns: readonly Column[], name: string | null): string | null =>
  columns.find((column) => column.name === name)?.physical ?? null;

function requireOneCurrency(candidates: readonly Candidate[]): void {
  const currencies = new Set(candidates.flatMap(({ currency }) => currency ?? []));
  if (currencies.size <= 1) return;
  throw new Problem(
    'unprocessable',
    `The stores use different currencies (${[...currencies].join(', ')}); make one report for each.`,
  );
}

const versionOf = ({ dataset, visible, currency }: Candidate): object => ({
  kind: dataset.kind,
  roles: dataset.mapping.roles,
  timezone: visible.timezone,
  currency,
  uploads: visible.uploads.map(({ uploadId, revision, mode, ordinal }) => ({
    uploadId,
    revision,
    mode,
    ordinal,
  })),
});
