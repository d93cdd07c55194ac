import { Code, Text } from '@mantine/core';
import { useState } from 'react';
import { formatTime } from '../format';
import { ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { Pager } from '../layout/pager';
import { QueryState } from '../layout/query-state';
import { SearchField } from '../layout/search-field';
import { texts } from '../texts';
import { AUDIT_PER_PAGE, useAudit } from './administration-queries';

/** Who did what, the newest first. */
export default function AuditPage() {
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(1);
  const audit = useAudit(search, page);
  return (
    <Page title={texts.audit.title} lead={texts.audit.lead}>
      <SearchField
        onSearch={(text) => {
          setSearch(text);
          setPage(1);
        }}
      />
      <QueryState query={audit} isEmpty={({ count }) => count === 0} empty={texts.audit.empty}>
        {({ count, results }) => (
          <>
            <ListTable
              items={results}
              keyOf={({ id }) => id}
              minWidth={900}
              columns={[
                { header: texts.audit.at, render: ({ at }) => formatTime(at) },
                { header: texts.audit.action, render: ({ action }) => action },
                {
                  header: texts.audit.actor,
                  render: ({ actorId, apiKeyId }) => <Id id={apiKeyId ?? actorId} />,
                },
                { header: texts.audit.resource, render: (entry) => <Resource {...entry} /> },
                { header: texts.audit.details, render: ({ details }) => <Details details={details} /> },
                { header: texts.audit.address, render: ({ address }) => address },
                { header: texts.problem.request, render: ({ requestId }) => <Id id={requestId} /> },
              ]}
            />
            <Pager count={count} pageSize={AUDIT_PER_PAGE} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </Page>
  );
}

const Id = ({ id }: { id: string | null }) => (id === null ? texts.none : <Code>{id}</Code>);

function Resource({ resourceType, resourceId }: { resourceType: string | null; resourceId: string | null }) {
  return (
    <>
      {resourceType} <Id id={resourceId} />
    </>
  );
}

function Details({ details }: { details: object | null }) {
  if (details === null || Object.keys(details).length === 0) return texts.none;
  return (
    <Text size="xs" ff="monospace" maw={320} lineClamp={3}>
      {JSON.stringify(details)}
    </Text>
  );
}
