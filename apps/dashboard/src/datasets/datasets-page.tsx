import { Anchor, Button } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatInteger, formatTime } from '../format';
import type { ListColumn } from '../layout/list-table';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { texts } from '../texts';
import { DATASETS_PER_PAGE, useDatasets } from './dataset-queries';

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
  const [page, setPage] = useState(1);
  const datasets = useDatasets(customerId, page);
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
      <PagedList
        query={datasets}
        empty={texts.datasets.empty}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        pageSize={DATASETS_PER_PAGE}
        page={page}
        onPage={setPage}
      />
    </Page>
  );
}
