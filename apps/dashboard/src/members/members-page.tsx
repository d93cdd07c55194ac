import { Button } from '@mantine/core';
import { answer, type Member } from '@app/api-client';
import { useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatDay } from '../format';
import type { ListColumn } from '../layout/list-table';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { RowActions } from '../layout/row-actions';
import { SearchField } from '../layout/search-field';
import { useEditor } from '../layout/use-editor';
import { useListing } from '../layout/use-listing';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { MemberForm } from './member-form';
import { MEMBERS_PER_PAGE, useMembers } from './member-queries';

const COLUMNS: ListColumn<Member>[] = [
  { header: texts.fields.name, render: ({ name }) => name },
  { header: texts.fields.email, render: ({ email }) => email },
  { header: texts.members.role, render: ({ role }) => texts.members.roles[role] },
  { header: texts.members.since, render: ({ createdAt }) => formatDay(createdAt) },
];

export default function MembersPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { isOwner } = useCustomerRole(customerId);
  const { listing, onSearch, onPage } = useListing();
  const members = useMembers(customerId, listing);
  const { show, edited, ...dialog } = useEditor<Member>();
  const actions: ListColumn<Member> = {
    header: texts.fields.actions,
    render: (member) => <MemberActions customerId={customerId} member={member} onEdit={() => show(member)} />,
  };
  return (
    <Page
      title={texts.members.title}
      lead={texts.members.lead}
      actions={isOwner && <Button onClick={() => show()}>{texts.members.add}</Button>}
    >
      <SearchField onSearch={onSearch} />
      <PagedList
        query={members}
        empty={texts.members.empty}
        keyOf={({ userId }) => userId}
        columns={isOwner ? [...COLUMNS, actions] : COLUMNS}
        pageSize={MEMBERS_PER_PAGE}
        page={listing.page}
        onPage={onPage}
      />
      <MemberForm {...dialog} customerId={customerId} member={edited} />
    </Page>
  );
}

interface ActionsProps {
  customerId: string;
  member: Member;
  onEdit: () => void;
}

function MemberActions({ customerId, member: { userId, email }, onEdit }: ActionsProps) {
  const api = useApi();
  const params = { path: { customerId, userId } };
  return (
    <RowActions
      onEdit={onEdit}
      removal={{
        label: texts.members.remove,
        question: texts.members.removeConfirm(email),
        run: () => answer(api.DELETE('/api/v1/customers/{customerId}/members/{userId}', { params })),
        changes: ['members', customerId],
      }}
    />
  );
}
