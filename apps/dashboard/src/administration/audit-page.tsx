import { Code, Text } from '@mantine/core';
import type { AuditEntry } from '@app/api-client';
import { formatTime } from '../format';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { SearchField } from '../layout/search-field';
import { useListing } from '../layout/use-listing';
import { texts, wordsOf } from '../texts';
import { AUDIT_PER_PAGE, useAudit } from './administration-queries';

/** Who did what, the newest first. */
export default function AuditPage() {
  const { listing, onSearch, onPage } = useListing();
  const audit = useAudit(listing);
  return (
    <Page title={texts.audit.title} lead={texts.audit.lead}>
      <SearchField onSearch={onSearch} />
      <PagedList
        query={audit}
        empty={texts.audit.empty}
        keyOf={({ id }) => id}
        minWidth={900}
        columns={[
          { header: texts.audit.at, render: ({ at }) => formatTime(at) },
          { header: texts.audit.action, render: (entry) => <Deed {...entry} /> },
          { header: texts.audit.actor, render: (entry) => <Actor {...entry} /> },
          { header: texts.audit.resource, render: (entry) => <Resource {...entry} /> },
          { header: texts.audit.address, render: (entry) => <Origin {...entry} /> },
        ]}
        pageSize={AUDIT_PER_PAGE}
        page={listing.page}
        onPage={onPage}
      />
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
      {resourceType !== null && wordsOf(texts.audit.resources, resourceType)}{' '}
      <Named id={resourceId} name={names.resource} />
      {customerId !== null && customerId !== resourceId && (
        <Text size="xs" c="dimmed" component="div">
          <Named id={customerId} name={names.customer} />
        </Text>
      )}
    </>
  );
}

/** What was done, and what the entry says of it besides. */
function Deed({ action, details }: AuditEntry) {
  return (
    <>
      {action}
      {Object.keys(details).length > 0 && (
        <Text size="xs" c="dimmed" ff="monospace" maw={240} lineClamp={3} className="breakable">
          {JSON.stringify(details)}
        </Text>
      )}
    </>
  );
}

/** Where it was asked for, and the request with which logs tell of it. */
function Origin({ address, requestId }: AuditEntry) {
  return (
    <>
      {address ?? texts.none}
      {requestId !== null && (
        <Text size="xs" c="dimmed" component="div">
          {texts.problem.request} <Named id={requestId} />
        </Text>
      )}
    </>
  );
}
