import { Alert, Badge, List } from '@mantine/core';
import type { Upload } from '@app/api-client';
import { texts } from '../texts';

/** How a file differs from the dataset it goes to, column by column. */
export function DriftAlert({ drift }: { drift: Upload['drift'] }) {
  if (drift.length === 0) return null;
  return (
    <Alert color="yellow" title={texts.uploads.drift}>
      <List size="sm">
        {drift.map(({ column, change, detail }) => (
          <List.Item key={`${column} ${change}`}>
            <Badge size="sm" variant="default" tt="none">
              {texts.columnChanges[change]}
            </Badge>{' '}
            {detail}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
