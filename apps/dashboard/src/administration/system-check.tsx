import { Button, Text } from '@mantine/core';
import { answer } from '@app/api-client';
import { useMutation } from '@tanstack/react-query';
import { formatTime } from '../format';
import { ListTable } from '../layout/list-table';
import { Panel } from '../layout/panel';
import { ProblemAlert } from '../layout/problem-alert';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

/** Has the stores compared with each other and shows every difference with its remedy. */
export function SystemCheck() {
  const api = useApi();
  const check = useMutation({ mutationFn: () => answer(api.POST('/api/v1/admin/check', {})) });
  return (
    <Panel
      title={texts.system.check}
      note={texts.system.checkNote}
      aside={
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {texts.system.runCheck}
        </Button>
      }
    >
      <ProblemAlert problem={check.error} />
      {check.data !== undefined && (
        <Text role="status">
          {check.data.clean
            ? texts.system.clean(formatTime(check.data.checkedAt))
            : texts.system.differences(String(check.data.differences.length))}
        </Text>
      )}
      {check.data?.clean === false && (
        <ListTable
          items={check.data.differences}
          keyOf={({ kind, id }) => `${kind} ${id}`}
          minWidth={720}
          columns={[
            { header: texts.uploads.type, render: ({ kind }) => kind },
            { header: texts.system.subject, render: ({ id }) => id },
            { header: texts.uploads.message, render: ({ detail }) => detail },
            { header: texts.reports.action, render: ({ remedy }) => remedy },
          ]}
        />
      )}
    </Panel>
  );
}
