import { Anchor, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Brand } from '../layout/brand';
import { formText } from '../layout/form-text';
import { ProblemAlert } from '../layout/problem-alert';
import { texts } from '../texts';
import type { Session, SessionUser } from './session';

interface Props {
  session: Session;
  onSignedIn: (user: SessionUser) => void;
}

export function SignInPage({ session, onSignedIn }: Props) {
  const [isNew, setIsNew] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const registration = useQuery({ queryKey: ['registration'], queryFn: () => session.maySignUp() });
  const words = isNew ? texts.signUp : texts.signIn;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    // Blanks may be meant here.
    const password = form.get('password') as string;
    setIsBusy(true);
    setProblem(undefined);
    try {
      onSignedIn(
        isNew
          ? await session.register(formText(form, 'name'), formText(form, 'email'), password)
          : await session.signIn(formText(form, 'email'), password),
      );
    } catch (error) {
      setProblem(error);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={400}>
        <Brand />
        <Paper withBorder shadow="sm" radius="md" p="xl">
          <form onSubmit={(event) => void submit(event)}>
            <Stack>
              <Title order={1} size="h3">
                {words.title}
              </Title>
              <Text c="dimmed" size="sm">
                {words.lead}
              </Text>
              <ProblemAlert problem={problem} />
              {isNew && <TextInput name="name" label={texts.fields.name} autoComplete="name" required />}
              <TextInput
                name="email"
                type="email"
                label={texts.fields.email}
                autoComplete="username"
                required
              />
              <PasswordInput
                name="password"
                label={texts.fields.password}
                autoComplete={isNew ? 'new-password' : 'current-password'}
                visibilityToggleButtonProps={{ 'aria-label': texts.fields.showPassword }}
                required
              />
              <Button type="submit" loading={isBusy}>
                {words.submit}
              </Button>
              {registration.data === true && (
                <Anchor component="button" type="button" size="sm" onClick={() => setIsNew(!isNew)}>
                  {words.other}
                </Anchor>
              )}
            </Stack>
          </form>
        </Paper>
      </Stack>
    </Center>
  );
}
