import { Alert, Button, Code, CopyButton, Group } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { texts } from '../texts';

/** Something that the api shows this once. */
export function SecretAlert({ title, secret }: { title: string; secret: string }) {
  return (
    <Alert color="yellow" icon={<IconKey aria-hidden />} title={title} role="status">
      <Group gap="sm">
        <Code fz="sm" className="breakable">
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? texts.actions.copied : texts.actions.copy}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
