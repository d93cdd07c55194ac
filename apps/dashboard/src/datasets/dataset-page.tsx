import { Menu, Button, Table, Tabs, Anchor } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { IconChevronDown } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Link, useParams } from 'wouter';
import { formatInteger, formatTime } from '../format';
import { useDownload } from '../layout/use-download';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { Waiting } from '../layout/waiting';
import { texts } from '../texts';
import { useDataset, useUploads } from './dataset-queries';
import { questionString, type Question } from './question';
import { RowsTable } from './rows-table';

const ProfilePanel = lazy(() => import('./profile-panel'));
const FORMATS = ['csv', 'json', 'ndjson', 'parquet'] as const;

export default function DatasetPage() {
  const { datasetId } = useParams<{ datasetId: string }>();
  const dataset = useDataset(datasetId);
  return (
    <QueryState query={dataset}>{(found) => <DatasetDetail key={found.id} dataset={found} />}</QueryState>
  );
}

function DatasetDetail({ dataset }: { dataset: Dataset }) {
  const [question, setQuestion] = useState<Question>({ filters: [], ordering: undefined });
  return (
    <Page
      title={dataset.name}
      lead={`${dataset.kind ?? texts.none} · ${formatInteger(dataset.rowCount)} ${texts.datasets.rows}`}
      actions={<ExportMenu datasetId={dataset.id} question={question} />}
    >
      <Tabs defaultValue="rows" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="rows">{texts.overview.rows}</Tabs.Tab>
          <Tabs.Tab value="profile">{texts.datasets.profile}</Tabs.Tab>
          <Tabs.Tab value="uploads">{texts.datasets.uploads}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows" pt="md">
          <RowsTable dataset={dataset} question={question} onQuestion={setQuestion} />
        </Tabs.Panel>
        <Tabs.Panel value="profile" pt="md">
          <Suspense fallback={<Waiting />}>
            <ProfilePanel dataset={dataset} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="uploads" pt="md">
          <UploadHistory dataset={dataset} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function ExportMenu({ datasetId, question }: { datasetId: string; question: Question }) {
  const download = useDownload();
  const path = (format: string) =>
    `/api/v1/datasets/${datasetId}/export?format=${format}&${questionString({ ...question, ordering: undefined })}`;
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="default"
          loading={download.isPending}
          rightSection={<IconChevronDown size={16} aria-hidden />}
        >
          {texts.datasets.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => download.mutate(path(format))}>
            {format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UploadHistory({ dataset }: { dataset: Dataset }) {
  const uploads = useUploads(dataset.id);
  return (
    <QueryState query={uploads} isEmpty={({ count }) => count === 0} empty={texts.datasets.noUploads}>
      {({ results }) => (
        <Table.ScrollContainer minWidth={640}>
          <Table verticalSpacing="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.fields.name}</Table.Th>
                <Table.Th>{texts.fields.status}</Table.Th>
                <Table.Th>{texts.upload.mode}</Table.Th>
                <Table.Th className="numeric">{texts.uploads.rows}</Table.Th>
                <Table.Th className="numeric">{texts.uploads.rejected}</Table.Th>
                <Table.Th>{texts.fields.created}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {results.map((upload) => (
                <Table.Tr key={upload.id}>
                  <Table.Td>
                    <Anchor component={Link} href={`/customers/${dataset.customerId}/uploads/${upload.id}`}>
                      {upload.fileName}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <StatusBadge status={upload.status} />
                  </Table.Td>
                  <Table.Td>{upload.mode}</Table.Td>
                  <Table.Td className="numeric">{formatInteger(upload.rowCount)}</Table.Td>
                  <Table.Td className="numeric">{formatInteger(upload.rejectedCount)}</Table.Td>
                  <Table.Td>{formatTime(upload.createdAt)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </QueryState>
  );
}
