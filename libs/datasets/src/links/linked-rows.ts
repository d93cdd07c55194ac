import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { LinkedTable, RowTree, VisibleSet } from '@app/frames';
import { invalidParameter, notFound } from '@app/problems';
import { type EntityManager, In, IsNull } from 'typeorm';
import type { DatasetEntity } from '../dataset.entity.js';
import { DatasetService } from '../dataset.service.js';
import { LinkEntity } from './link.entity.js';

interface Node {
  datasetId: string;
  tree: RowTree;
}

/** Finds the tables that links nest in a dataset's rows. */
@Injectable()
export class LinkedRows {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
  ) {}

  /**
   * Where the dataset points, the row it points at is nested; where it is pointed at, all rows that do. Links may go on
   * from datasets that others lead to, in whatever order they are given; each is followed once.
   * @param visible what the dataset shows
   * @throws Problem not_found for links that the customer does not have; invalid_parameter for those that lead to nothing
   */
  async tree(dataset: DatasetEntity, visible: VisibleSet, linkIds: readonly string[]): Promise<RowTree> {
    let open = await this.find(dataset, linkIds);
    const root: Node = { datasetId: dataset.id, tree: { visible, links: [] } };
    const nodes = [root];
    while (open.length > 0) {
      const left: LinkEntity[] = [];
      for (const link of open) {
        const above =
          nodes.find(({ datasetId }) => datasetId === link.fromDatasetId) ??
          nodes.find(({ datasetId }) => datasetId === link.toDatasetId);
        if (above === undefined) left.push(link);
        else nodes.push(await this.nest(above, link));
      }
      if (left.length === open.length) {
        throw invalidParameter('include', `the link ${left[0]?.id} does not lead on from this dataset`);
      }
      open = left;
    }
    return root.tree;
  }

  private async find({ customerId }: DatasetEntity, linkIds: readonly string[]): Promise<LinkEntity[]> {
    const ids = [...new Set(linkIds)];
    const found = await this.manager.findBy(LinkEntity, { id: In(ids), customerId, deletedAt: IsNull() });
    return ids.map((id) => {
      const link = found.find((candidate) => candidate.id === id);
      if (link === undefined) throw notFound('link');
      return link;
    });
  }

  private async nest({ datasetId, tree }: Node, link: LinkEntity): Promise<Node> {
    const points = datasetId === link.fromDatasetId;
    const belowId = points ? link.toDatasetId : link.fromDatasetId;
    const ownColumn = points ? link.toColumn : link.fromColumn;
    const below: LinkedTable = {
      visible: (await this.datasets.visibleSet(belowId)) ?? withoutRows(ownColumn),
      links: [],
      member: memberOf(link, tree),
      kind: points ? 'one' : 'many',
      parentColumn: points ? link.fromColumn : link.toColumn,
      ownColumn,
    };
    tree.links.push(below);
    return { datasetId: belowId, tree: below };
  }
}

/** The link's name, unless something else in the row has it. */
function memberOf({ id, name }: LinkEntity, { visible, links }: RowTree): string {
  const taken = [...visible.columns.map((column) => column.name), ...links.map(({ member }) => member)];
  return name === null || taken.includes(name) ? id : name;
}

/** What a dataset without any data shows. */
const withoutRows = (column: string): VisibleSet => ({
  id: 'empty',
  timezone: 'UTC',
  columns: [
    {
      name: column,
      header: column,
      physical: 'c0',
      type: 'text',
      storage: 'VARCHAR',
      nulls: 0,
      min: null,
      max: null,
    },
  ],
  rowCount: 0,
  uploads: [],
});
