import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useDownload } from './use-download';

export function DownloadButton({ path, label }: { path: string; label: string }) {
  const download = useDownload();
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
      loading={download.isPending}
      onClick={() => download.mutate(path)}
    >
      {label}
    </Button>
  );
}
