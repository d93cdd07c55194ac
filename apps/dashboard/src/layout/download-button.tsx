import { Button } from '@mantine/core';
import { type Icon, IconDownload } from '@tabler/icons-react';
import { ProblemAlert } from './problem-alert';
import { useDownload } from './use-download';

interface Props {
  /** What the api is asked for. */
  path: string;
  label: string;
  icon?: Icon;
  /** A page to be looked at, in place of a file to be kept. */
  inNewTab?: boolean;
}

export function DownloadButton({ path, label, icon: ButtonIcon = IconDownload, inNewTab = false }: Props) {
  const download = useDownload({ inNewTab });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<ButtonIcon size={14} aria-hidden />}
        loading={download.isPending}
        onClick={() => download.mutate(path)}
      >
        {label}
      </Button>
      <ProblemAlert problem={download.error} isBelowLine />
    </>
  );
}
