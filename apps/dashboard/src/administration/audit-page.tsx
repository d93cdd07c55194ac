import { Code, Text } from '@mantine/core';
import type { AuditEntry } from '@app/api-client';
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
                  render: (entry) => <Actor {...entry} />,
                },
                { header: texts.audit.resource, render: (entry) => <Resource {...entry} /> },
                { header: texts.audit.details, render: ({ details }) => <Details details={details} /> },
                { header: texts.audit.address, render: ({ address }) => address },
                { header: texts.problem.request, render: ({ requestId }) => <Named id={requestId} /> },
              ]}
            />
            <Pager count={count} pageSize={AUDIT_PER_PAGE} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </Page>
  );
}

interface NamedProps {
  id: string | null;
  /** Null for what is no longer there, of which the id is left. */
  name?: string | null;
}

function Named({ id, name = null }: NamedProps) {
  if (id === null) return texts.none;
  if (name === null) return <Code>{id}</Code>;
  return (
    <Text span size="sm" className="breakable" title={id}>
      {name}
    </Text>
  );
}

/** Who it was; of a program also whose key it has. */
function Actor({ actorId, apiKeyId, names }: AuditEntry) {
  if (apiKeyId === null) return <Named id={actorId} name={names.actor} />;
  return (
    <>
      {texts.audit.apiKey} <Named id={apiKeyId} name={names.apiKey} />
    </>
  );
}

/** What it was done with, and whose that is. */
function Resource({ resourceType, resourceId, customerId, names }: AuditEntry) {
  return (
    <>
      {resourceType} <Named id={resourceId} name={names.resource} />
      {customerId !== null && customerId !== resourceId && (
        <Text size="xs" c="dimmed" component="div">
          <Named id={customerId} name={names.customer} />
        </Text>
      )}
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
