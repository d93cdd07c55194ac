import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { answer } from '@app/api-client';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ConfirmButton } from '../layout/confirm-button';
import { formText } from '../layout/form-text';
import { Page } from '../layout/page';
import { ProblemAlert } from '../layout/problem-alert';
import { useChange } from '../layout/use-change';
import { useSession } from '../session/session-provider';
import { texts } from '../texts';

/** The signed-in user's own name, password and sessions. */
export default function AccountPage() {
  return (
    <Page title={texts.account.title} lead={<OwnAddress />}>
      <ProfileForm />
      <PasswordForm />
      <Sessions />
    </Page>
  );
}

function OwnAddress() {
  return useSession().user.email;
}

function ProfileForm() {
  const { session, user } = useSession();
  const saving = useChange((name: string) =>
    answer(session.api.PATCH('/api/v1/users/me', { body: { name } })),
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    saving.mutate(formText(new FormData(event.currentTarget), 'name'));
  }

  return (
    <Paper withBorder p="md" maw={480}>
      <form onSubmit={submit}>
        <Stack align="flex-start">
          <ProblemAlert problem={saving.error} />
          {saving.isSuccess && <Alert role="status" title={texts.account.saved} />}
          <TextInput name="name" label={texts.fields.name} defaultValue={user.name} required w="100%" />
          <Button type="submit" loading={saving.isPending}>
            {texts.actions.save}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}

/** A new password ends all other sessions of the user. */
function PasswordForm() {
  const { session } = useSession();
  const saving = useChange((body: { password: string; currentPassword: string }) =>
    answer(session.api.PATCH('/api/v1/users/me', { body })),
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    // Blanks may be meant here.
    saving.mutate({
      password: form.get('password') as string,
      currentPassword: form.get('currentPassword') as string,
    });
  }

  const toggle = { 'aria-label': texts.fields.showPassword };
  return (
    <Paper withBorder p="md" maw={480}>
      <form onSubmit={submit}>
        <Stack align="flex-start">
          <Title order={2} size="h4">
            {texts.account.password}
          </Title>
          <ProblemAlert problem={saving.error} />
          {saving.isSuccess && <Alert role="status" title={texts.account.passwordSaved} />}
          <PasswordInput
            name="currentPassword"
            label={texts.account.currentPassword}
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            required
            w="100%"
          />
          <PasswordInput
            name="password"
            label={texts.users.newPassword}
            description={texts.account.everywhere}
            autoComplete="new-password"
            visibilityToggleButtonProps={toggle}
            required
            w="100%"
          />
          <Button type="submit" loading={saving.isPending}>
            {texts.actions.save}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}

/** The way out for who left a session open somewhere, or lost a device. */
function Sessions() {
  const { signOutEverywhere } = useSession();
  const ending = useMutation({ mutationFn: signOutEverywhere });
  return (
    <Paper withBorder p="md" maw={480}>
      <Stack align="flex-start">
        <Title order={2} size="h4">
          {texts.account.sessions}
        </Title>
        <Text size="sm">{texts.account.sessionsNote}</Text>
        <ConfirmButton
          label={texts.account.signOutEverywhere}
          question={texts.account.signOutEverywhereConfirm}
          action={ending}
        />
      </Stack>
    </Paper>
  );
}
