import { Badge, Button, Group } from '@mantine/core';
import { answer, type User } from '@app/api-client';
import { formatDay } from '../format';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { RowActions } from '../layout/row-actions';
import { SearchField } from '../layout/search-field';
import { useEditor } from '../layout/use-editor';
import { useListing } from '../layout/use-listing';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { USERS_PER_PAGE, useUsers } from './administration-queries';
import { UserForm } from './user-form';

export default function UsersPage() {
  const { listing, onSearch, onPage } = useListing();
  const users = useUsers(listing);
  const { show, edited, ...dialog } = useEditor<User>();
  return (
    <Page
      title={texts.users.title}
      lead={texts.users.lead}
      actions={<Button onClick={() => show()}>{texts.users.create}</Button>}
    >
      <SearchField onSearch={onSearch} />
      <PagedList
        query={users}
        empty={texts.users.empty}
        keyOf={({ id }) => id}
        columns={[
          { header: texts.fields.name, render: ({ name }) => name },
          { header: texts.fields.email, render: ({ email }) => email },
          { header: texts.fields.status, render: (user) => <UserState user={user} /> },
          { header: texts.fields.created, render: ({ createdAt }) => formatDay(createdAt) },
          {
            header: texts.fields.actions,
            render: (user) => <UserActions user={user} onEdit={() => show(user)} />,
          },
        ]}
        pageSize={USERS_PER_PAGE}
        page={listing.page}
        onPage={onPage}
      />
      <UserForm {...dialog} user={edited} />
    </Page>
  );
}

function UserState({ user: { isActive, isAdmin } }: { user: User }) {
  return (
    <Group gap="xs">
      <Badge variant="dot" color={isActive ? 'brand' : 'gray'}>
        {isActive ? texts.users.active : texts.users.inactive}
      </Badge>
      {isAdmin && <Badge variant="light">{texts.users.administrator}</Badge>}
    </Group>
  );
}

function UserActions({ user: { id, email, isActive }, onEdit }: { user: User; onEdit: () => void }) {
  const api = useApi();
  if (!isActive) {
    return (
      <Button size="compact-sm" variant="default" onClick={onEdit}>
        {texts.actions.edit}
      </Button>
    );
  }
  const params = { path: { userId: id } };
  return (
    <RowActions
      onEdit={onEdit}
      removal={{
        label: texts.users.deactivate,
        question: texts.users.deactivateConfirm(email),
        run: () => answer(api.DELETE('/api/v1/users/{userId}', { params })),
        changes: ['users'],
      }}
    />
  );
}
