import { PasswordInput, Switch, TextInput } from '@mantine/core';
import { answer, type User } from '@app/api-client';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  user: User | undefined;
}

export function UserForm({ user, ...dialog }: Props) {
  const api = useApi();

  function save(form: FormData) {
    // Blanks may be meant here.
    const password = form.get('password') as string;
    const given = {
      name: formText(form, 'name'),
      email: formText(form, 'email'),
      isAdmin: form.has('isAdmin'),
    };
    if (user === undefined) return answer(api.POST('/api/v1/users', { body: { ...given, password } }));
    const body = { ...given, isActive: form.has('isActive'), ...(password !== '' && { password }) };
    return answer(api.PATCH('/api/v1/users/{userId}', { params: { path: { userId: user.id } }, body }));
  }

  return (
    <FormModal
      {...dialog}
      title={user === undefined ? texts.users.create : texts.users.edit}
      submit={user === undefined ? texts.actions.create : texts.actions.save}
      save={save}
      changes={['users']}
    >
      <TextInput name="name" label={texts.fields.name} defaultValue={user?.name} required data-autofocus />
      <TextInput
        name="email"
        type="email"
        label={texts.fields.email}
        defaultValue={user?.email}
        autoComplete="off"
        required
      />
      <PasswordInput
        name="password"
        label={user === undefined ? texts.fields.password : texts.users.newPassword}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': texts.fields.showPassword }}
        required={user === undefined}
      />
      <Switch name="isAdmin" label={texts.users.administrator} defaultChecked={user?.isAdmin ?? false} />
      {user !== undefined && (
        <Switch name="isActive" label={texts.users.active} defaultChecked={user.isActive} />
      )}
    </FormModal>
  );
}
