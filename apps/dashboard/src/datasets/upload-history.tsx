import { Anchor } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { Link } from 'wouter';
import { formatInteger, formatTime } from '../format';
import { ListTable } from '../layout/list-table';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { texts } from '../texts';
import { useUploads } from './dataset-queries';

/** The files a dataset was made of, the newest first. */
export function UploadHistory({ dataset: { id, customerId } }: { dataset: Dataset }) {
  const uploads = useUploads(id);
  return (
    <QueryState query={uploads} isEmpty={({ count }) => count === 0} empty={texts.datasets.noUploads}>
      {({ results }) => (
        <ListTable
          items={results}
          keyOf={(upload) => upload.id}
          minWidth={640}
          columns={[
            {
              header: texts.fields.name,
              render: (upload) => (
                <Anchor component={Link} href={`/customers/${customerId}/uploads/${upload.id}`}>
                  {upload.fileName}
                </Anchor>
              ),
            },
            { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
            { header: texts.upload.mode, render: ({ mode }) => texts.uploadModes[mode] },
            {
              header: texts.uploads.rows,
              isNumeric: true,
              render: ({ rowCount }) => formatInteger(rowCount),
            },
            {
              header: texts.uploads.rejected,
              isNumeric: true,
              render: ({ rejectedCount }) => formatInteger(rejectedCount),
            },
            { header: texts.fields.created, render: ({ createdAt }) => formatTime(createdAt) },
          ]}
        />
      )}
    </QueryState>
  );
}
