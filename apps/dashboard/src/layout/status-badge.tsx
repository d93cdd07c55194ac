import { Badge } from '@mantine/core';
import { texts, wordsOf } from '../texts';

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
    <Badge variant="dot" tt="none" fw={500} color={COLORS[status] ?? 'gray'}>
      {wordsOf(texts.statuses, status)}
    </Badge>
  );
}
