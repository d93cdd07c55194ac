import { Select } from '@mantine/core';
import type { Role } from '../customers/customer-role';
import { texts } from '../texts';

const ROLES = Object.entries(texts.members.roles).map(([value, label]) => ({ value, label }));

/** A field of a form: which role somebody or something has in a customer. */
export function RoleSelect({ role = 'viewer' }: { role?: Role | undefined }) {
  return (
    <Select name="role" label={texts.members.role} data={ROLES} defaultValue={role} allowDeselect={false} />
  );
}

/** @throws Error where the form has no {@link RoleSelect} */
export function roleIn(form: FormData): Role {
  const role = form.get('role');
  if (role === 'viewer' || role === 'analyst' || role === 'owner') return role;
  throw new Error('The form names no role.');
}
