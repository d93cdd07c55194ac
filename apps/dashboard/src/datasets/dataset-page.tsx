import { Button, Menu, Tabs } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { IconChevronDown } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useParams } from 'wouter';
import { formatInteger } from '../format';
import { Page } from '../layout/page';
import { ProblemAlert } from '../layout/problem-alert';
import { QueryState } from '../layout/query-state';
import { useDownload } from '../layout/use-download';
import { Waiting } from '../layout/waiting';
import { texts } from '../texts';
import { useDataset } from './dataset-queries';
import { questionString, type Question } from './question';
import { RowsTable } from './rows-table';
import { UploadHistory } from './upload-history';

const ProfilePanel = lazy(() => import('./profile/profile-panel'));
const StatsPanel = lazy(() => import('./stats-panel'));
const LinksPanel = lazy(() => import('./links-panel'));
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
      lead={`${dataset.kind === null ? texts.none : texts.datasetKinds[dataset.kind]} · ${texts.rowsOf(formatInteger(dataset.rowCount))}`}
      actions={<ExportMenu datasetId={dataset.id} question={question} />}
    >
      <Tabs defaultValue="rows" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="rows">{texts.overview.rows}</Tabs.Tab>
          <Tabs.Tab value="profile">{texts.profile.title}</Tabs.Tab>
          <Tabs.Tab value="stats">{texts.stats.title}</Tabs.Tab>
          <Tabs.Tab value="links">{texts.links.title}</Tabs.Tab>
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
        <Tabs.Panel value="stats" pt="md">
          <Suspense fallback={<Waiting />}>
            <StatsPanel dataset={dataset} question={question} onQuestion={setQuestion} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="links" pt="md">
          <Suspense fallback={<Waiting />}>
            <LinksPanel dataset={dataset} />
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
    <>
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
      <ProblemAlert problem={download.error} isBelowLine />
    </>
  );
}
