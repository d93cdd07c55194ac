import { Anchor, Button } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatInteger, formatTime } from '../format';
import { type ListColumn, ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { texts } from '../texts';
import { useDatasets } from './dataset-queries';

const COLUMNS: ListColumn<Dataset>[] = [
  {
    header: texts.fields.name,
    render: ({ id, customerId, name }) => (
      <Anchor component={Link} href={`/customers/${customerId}/datasets/${id}`}>
        {name}
      </Anchor>
    ),
  },
  {
    header: texts.datasets.kind,
    render: ({ kind }) => (kind === null ? texts.none : texts.datasetKinds[kind]),
  },
  { header: texts.overview.rows, isNumeric: true, render: ({ rowCount }) => formatInteger(rowCount) },
  {
    header: texts.datasets.uploads,
    isNumeric: true,
    render: ({ uploadCount }) => formatInteger(uploadCount),
  },
  { header: texts.datasets.updated, render: ({ updatedAt }) => formatTime(updatedAt) },
];

export default function DatasetsPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { canWrite } = useCustomerRole(customerId);
  const datasets = useDatasets(customerId);
  return (
    <Page
      title={texts.datasets.title}
      lead={texts.datasets.lead}
      actions={
        canWrite && (
          <Button component={Link} href={`/customers/${customerId}/upload`}>
            {texts.upload.title}
          </Button>
        )
      }
    >
      <QueryState query={datasets} isEmpty={({ count }) => count === 0} empty={texts.datasets.empty}>
        {({ results }) => <ListTable items={results} keyOf={({ id }) => id} columns={COLUMNS} />}
      </QueryState>
    </Page>
  );
}
