import type { Upload } from '@app/api-client';
import { useUploads } from '../datasets/dataset-queries';
import { formatInteger, formatTime } from '../format';
import { ListTable } from '../layout/list-table';
import { Panel } from '../layout/panel';
import { texts } from '../texts';

type Counted = 'rowCount' | 'rejectedCount' | 'duplicateCount' | 'anomalyCount';

const COUNTED: [Counted, string][] = [
  ['rowCount', texts.uploads.rows],
  ['rejectedCount', texts.uploads.rejected],
  ['duplicateCount', texts.uploads.duplicates],
  ['anomalyCount', texts.uploads.anomalies],
];

const signed = (difference: number) => `${difference > 0 ? '+' : ''}${formatInteger(difference)}`;

/** An upload beside the one before it: a file that is suddenly smaller or odder shows here. */
export function PreviousUpload({ upload }: { upload: Upload }) {
  const uploads = useUploads(upload.datasetId);
  const earlier = (uploads.data?.results ?? []).filter(
    ({ status, ordinal }) => status === 'ready' && ordinal < upload.ordinal,
  );
  const previous = earlier.toSorted((one, other) => other.ordinal - one.ordinal)[0];
  if (previous === undefined) return null;
  return (
    <Panel title={texts.uploads.previous} note={`${previous.fileName} · ${formatTime(previous.createdAt)}`}>
      <ListTable
        items={COUNTED}
        keyOf={([name]) => name}
        minWidth={360}
        columns={[
          { header: texts.uploads.figure, render: ([, label]) => label },
          {
            header: texts.uploads.before,
            isNumeric: true,
            render: ([name]) => formatInteger(previous[name]),
          },
          { header: texts.uploads.now, isNumeric: true, render: ([name]) => formatInteger(upload[name]) },
          {
            header: texts.uploads.difference,
            isNumeric: true,
            render: ([name]) => signed((upload[name] ?? 0) - (previous[name] ?? 0)),
          },
        ]}
      />
    </Panel>
  );
}
