import { Fieldset, Group, Switch, TextInput } from '@mantine/core';
import { answer, type ReportRequest, type ReportSchedule } from '@app/api-client';
import { useState } from 'react';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { choiceOf, requestOf, USUAL_CHOICE } from '../reports/request/report-choice';
import { ReportFields, useReportOffer } from '../reports/request/report-fields';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

interface Props {
  customerId: string;
  isOpen: boolean;
  onClose: () => void;
  /** The one that is edited; without it a new one is made. */
  schedule: ReportSchedule | undefined;
}

const words = texts.reportSchedules;

export function ReportScheduleForm(props: Props) {
  return <Fields key={`${props.schedule?.id} ${props.isOpen}`} {...props} />;
}

function Fields({ customerId, schedule, ...dialog }: Props) {
  const api = useApi();
  const [asked] = useState(
    schedule === undefined ? USUAL_CHOICE : choiceOf(schedule.report as ReportRequest),
  );
  const [choice, setChoice] = useState(asked);
  const offer = useReportOffer(customerId, choice);

  function save(form: FormData) {
    const timing = formText(form, 'schedule');
    const given = {
      name: formText(form, 'name'),
      schedule: timing === '' ? null : timing,
      timezone: formText(form, 'timezone'),
      onNewData: form.has('onNewData'),
      enabled: form.has('enabled'),
      // What was not touched stays as it is, also what these fields do not show.
      ...(choice !== asked && { report: requestOf(choice, offer) }),
    };
    if (schedule === undefined) {
      const body = { customerId, ...given, report: requestOf(choice, offer) };
      return answer(api.POST('/api/v1/report-schedules', { body }));
    }
    const params = { path: { reportScheduleId: schedule.id } };
    return answer(api.PATCH('/api/v1/report-schedules/{reportScheduleId}', { params, body: given }));
  }

  return (
    <FormModal
      {...dialog}
      size="lg"
      title={schedule === undefined ? words.create : words.edit}
      submit={schedule === undefined ? texts.actions.create : texts.actions.save}
      save={save}
      changes={['report-schedules', customerId]}
    >
      <TextInput
        name="name"
        label={texts.fields.name}
        defaultValue={schedule?.name}
        required
        data-autofocus
      />
      <Group grow align="flex-end">
        <TextInput
          name="schedule"
          label={words.when}
          description={words.whenNote}
          defaultValue={schedule === undefined ? '0 7 * * 1' : (schedule.schedule ?? '')}
        />
        <TextInput
          name="timezone"
          label={texts.fields.timezone}
          description={words.timezoneNote}
          defaultValue={schedule?.timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone}
        />
      </Group>
      <Switch
        name="onNewData"
        label={words.onNewData}
        description={words.onNewDataNote}
        defaultChecked={schedule?.onNewData ?? false}
      />
      <Switch name="enabled" label={words.enabled} defaultChecked={schedule?.enabled ?? true} />
      <Fieldset legend={words.asked}>
        <ReportFields customerId={customerId} choice={choice} onChoice={setChoice} />
      </Fieldset>
    </FormModal>
  );
}
