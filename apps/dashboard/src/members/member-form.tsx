import { TextInput } from '@mantine/core';
import { answer, type Member } from '@app/api-client';
import { FormModal } from '../layout/form-modal';
import { formText } from '../layout/form-text';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { roleIn, RoleSelect } from './role-select';

interface Props {
  customerId: string;
  isOpen: boolean;
  onClose: () => void;
  /** The one whose role is changed; without it a user becomes a member. */
  member: Member | undefined;
}

export function MemberForm({ customerId, member, ...dialog }: Props) {
  const api = useApi();

  function save(form: FormData) {
    const role = roleIn(form);
    if (member === undefined) {
      const body = { email: formText(form, 'email'), role };
      return answer(
        api.POST('/api/v1/customers/{customerId}/members', { params: { path: { customerId } }, body }),
      );
    }
    const params = { path: { customerId, userId: member.userId } };
    return answer(api.PATCH('/api/v1/customers/{customerId}/members/{userId}', { params, body: { role } }));
  }

  return (
    <FormModal
      {...dialog}
      title={member === undefined ? texts.members.add : member.email}
      submit={member === undefined ? texts.members.add : texts.actions.save}
      save={save}
      changes={['members', customerId]}
    >
      {member === undefined && (
        <TextInput
          name="email"
          type="email"
          label={texts.fields.email}
          description={texts.members.emailNote}
          required
          data-autofocus
        />
      )}
      <RoleSelect role={member?.role} />
    </FormModal>
  );
}
