import { Button, Group, Stack } from '@mantine/core';
import { answer } from '@app/api-client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { Page } from '../layout/page';
import { ProblemAlert } from '../layout/problem-alert';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { requestOf, USUAL_CHOICE } from './request/report-choice';
import { ReportFields, useReportOffer } from './request/report-fields';

export default function NewReportPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const api = useApi();
  const [, navigate] = useLocation();
  const [choice, setChoice] = useState(USUAL_CHOICE);
  const offer = useReportOffer(customerId, choice);
  const creation = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/reports', { body: { customerId, ...requestOf(choice, offer) } })),
    onSuccess: ({ report }) => navigate(`/customers/${customerId}/reports/${report.id}`),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    creation.mutate();
  }

  return (
    <Page title={texts.reports.create} lead={texts.reports.createLead}>
      <form onSubmit={submit}>
        <Stack maw={640}>
          <ReportFields customerId={customerId} choice={choice} onChoice={setChoice} withDay />
          <ProblemAlert problem={creation.error} />
          <Group>
            <Button type="submit" loading={creation.isPending}>
              {texts.reports.start}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
