import { Badge } from '@mantine/core';

const COLORS: Record<string, string> = {
  ready: 'brand',
  delivered: 'brand',
  enabled: 'brand',
  checked: 'brand',
  broken: 'red',
  pending: 'blue',
  succeeded: 'brand',
  failed: 'red',
  cancelled: 'gray',
  queued: 'blue',
  processing: 'blue',
  running: 'blue',
};

export function StatusBadge({ status }: { status: string }) {
  return (
    <Badge variant="dot" color={COLORS[status] ?? 'gray'}>
      {status}
    </Badge>
  );
}
