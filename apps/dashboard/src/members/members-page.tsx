import { Button } from '@mantine/core';
import { answer, type Member } from '@app/api-client';
import { useState } from 'react';
import { useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatDay } from '../format';
import { type ListColumn, ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { RowActions } from '../layout/row-actions';
import { SearchField } from '../layout/search-field';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { MemberForm } from './member-form';
import { useMembers } from './member-queries';

const COLUMNS: ListColumn<Member>[] = [
  { header: texts.fields.name, render: ({ name }) => name },
  { header: texts.fields.email, render: ({ email }) => email },
  { header: texts.members.role, render: ({ role }) => texts.members.roles[role] },
  { header: texts.members.since, render: ({ createdAt }) => formatDay(createdAt) },
];

export default function MembersPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { isOwner } = useCustomerRole(customerId);
  const [search, setSearch] = useState('');
  const members = useMembers(customerId, search);
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
      <SearchField onSearch={setSearch} />
      <QueryState query={members} isEmpty={({ count }) => count === 0} empty={texts.members.empty}>
        {({ results }) => (
          <ListTable
            items={results}
            keyOf={({ userId }) => userId}
            columns={isOwner ? [...COLUMNS, actions] : COLUMNS}
          />
        )}
      </QueryState>
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
