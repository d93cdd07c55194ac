import { Anchor } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { useState } from 'react';
import { Link } from 'wouter';
import { formatInteger, formatTime } from '../format';
import { PagedList } from '../layout/paged-list';
import { StatusBadge } from '../layout/status-badge';
import { texts } from '../texts';
import { UPLOADS_PER_PAGE, useUploads } from './dataset-queries';

/** The files a dataset was made of, the newest first. */
export function UploadHistory({ dataset: { id, customerId } }: { dataset: Dataset }) {
  const [page, setPage] = useState(1);
  const uploads = useUploads(id, page);
  return (
    <PagedList
      query={uploads}
      empty={texts.datasets.noUploads}
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
        { header: texts.uploads.rows, isNumeric: true, render: ({ rowCount }) => formatInteger(rowCount) },
        {
          header: texts.uploads.rejected,
          isNumeric: true,
          render: ({ rejectedCount }) => formatInteger(rejectedCount),
        },
        { header: texts.fields.created, render: ({ createdAt }) => formatTime(createdAt) },
      ]}
      pageSize={UPLOADS_PER_PAGE}
      page={page}
      onPage={setPage}
    />
  );
}
