import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { ProblemAlert } from '../layout/problem-alert';
import { useOpenedPage } from '../layout/use-opened-page';
import { texts } from '../texts';

/** The report as a page to be printed, in a tab of its own. */
export function PrintButton({ reportId }: { reportId: string }) {
  const opening = useOpenedPage();
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPrinter size={14} aria-hidden />}
        loading={opening.isPending}
        onClick={() => opening.mutate(`/api/v1/reports/${reportId}/page`)}
      >
        {texts.reports.print}
      </Button>
      <ProblemAlert problem={opening.error} />
    </>
  );
}
