import { Badge } from '@mantine/core';

const COLORS: Record<string, string> = {
  ready: 'teal',
  succeeded: 'teal',
  failed: 'red',
  cancelled: 'gray',
  queued: 'blue',
  processing: 'blue',
  running: 'blue',
};

export function StatusBadge({ status }: { status: string }) {
  return (
    <Badge variant="light" color={COLORS[status] ?? 'gray'}>
      {status}
    </Badge>
  );
}
