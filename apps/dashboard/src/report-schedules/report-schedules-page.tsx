import { Anchor, Text } from '@mantine/core';
import { answer, type ReportSchedule } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatTime } from '../format';
import { LIST_PAGE_SIZE, ListPage } from '../layout/list-page';
import type { ListColumn } from '../layout/list-table';
import { RowActions } from '../layout/row-actions';
import { StatusBadge } from '../layout/status-badge';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { ReportScheduleForm } from './report-schedule-form';

const words = texts.reportSchedules;

/** Reports that are made again by the clock or for new data. */
export default function ReportSchedulesPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { canWrite } = useCustomerRole(customerId);
  const api = useApi();
  const [page, setPage] = useState(1);
  const schedules = useQuery({
    queryKey: ['report-schedules', customerId, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/report-schedules', {
          params: { query: { customerId, page, pageSize: LIST_PAGE_SIZE } },
        }),
      ),
  });
  const { show, edited, ...dialog } = useEditor<ReportSchedule>();
  const actions: ListColumn<ReportSchedule> = {
    header: texts.fields.actions,
    render: (schedule) => <ScheduleActions schedule={schedule} onEdit={() => show(schedule)} />,
  };
  return (
    <ListPage
      words={words}
      query={schedules}
      page={page}
      onPage={setPage}
      columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
      minWidth={820}
      onCreate={canWrite ? () => show() : undefined}
    >
      <ReportScheduleForm {...dialog} customerId={customerId} schedule={edited} />
    </ListPage>
  );
}

const COLUMNS: ListColumn<ReportSchedule>[] = [
  { header: texts.fields.name, render: ({ name }) => (name === '' ? texts.none : name) },
  { header: words.when, render: (schedule) => <Occasion schedule={schedule} /> },
  {
    header: texts.fields.status,
    render: ({ enabled }) => <StatusBadge status={enabled ? 'enabled' : 'disabled'} />,
  },
  { header: words.next, render: ({ nextAt }) => formatTime(nextAt) },
  { header: words.lastRun, render: (schedule) => <LastRun schedule={schedule} /> },
];

function Occasion({ schedule: { schedule, timezone, onNewData } }: { schedule: ReportSchedule }) {
  return (
    <>
      {schedule !== null && (
        <Text size="sm">
          <code>{schedule}</code> · {timezone}
        </Text>
      )}
      {onNewData && <Text size="sm">{words.onNewData}</Text>}
    </>
  );
}

function LastRun({ schedule }: { schedule: ReportSchedule }) {
  const { customerId, lastRunAt, lastOutcome, lastReportId, lastError } = schedule;
  if (lastRunAt === null) return texts.none;
  return (
    <>
      {lastReportId === null ? (
        formatTime(lastRunAt)
      ) : (
        <Anchor component={Link} href={`/customers/${customerId}/reports/${lastReportId}`}>
          {formatTime(lastRunAt)}
        </Anchor>
      )}
      <Text size="sm" c="dimmed">
        {lastError?.message ?? (lastOutcome === null ? '' : words.outcomes[lastOutcome])}
      </Text>
    </>
  );
}

function ScheduleActions({ schedule, onEdit }: { schedule: ReportSchedule; onEdit: () => void }) {
  const { id, customerId, name } = schedule;
  const api = useApi();
  const params = { path: { reportScheduleId: id } };
  return (
    <RowActions
      onEdit={onEdit}
      removal={{
        question: words.remove(name),
        run: () => answer(api.DELETE('/api/v1/report-schedules/{reportScheduleId}', { params })),
        changes: ['report-schedules', customerId],
      }}
    />
  );
}
