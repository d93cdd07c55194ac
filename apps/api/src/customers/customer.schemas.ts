import { type CustomerEntity, type Member, ROLES } from '@app/customers';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';
import { text } from '../http/text.js';
import { emailAddress } from '../users/user.schemas.js';

const MAX_DESCRIPTION_LENGTH = 2000;

export const customerResponse = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CustomerResponse = z.infer<typeof customerResponse>;

export const customerPage = pageOf(customerResponse);

export const toCustomerResponse = (customer: CustomerEntity): CustomerResponse => ({
  id: customer.id,
  name: customer.name,
  description: customer.description,
  createdAt: customer.createdAt.toISOString(),
  updatedAt: customer.updatedAt.toISOString(),
});

export const customerListQuery = z.strictObject({ ...listQuery });
export type CustomerListQuery = z.infer<typeof customerListQuery>;

/** The whole customer: what is left out gets its default. */
export const customerBody = z.strictObject({
  name: text(200),
  description: text(MAX_DESCRIPTION_LENGTH, 0).default(''),
});
export type CustomerBody = z.infer<typeof customerBody>;

export const customerChangesBody = z.strictObject({
  name: text(200).optional(),
  description: text(MAX_DESCRIPTION_LENGTH, 0).optional(),
});
export type CustomerChangesBody = z.infer<typeof customerChangesBody>;

const role = z.enum(ROLES);

export const memberResponse = z.object({
  userId: z.uuid(),
  email: z.string(),
  name: z.string(),
  role,
  createdAt: z.iso.datetime(),
});
export type MemberResponse = z.infer<typeof memberResponse>;

export const memberPage = pageOf(memberResponse);

export const toMemberResponse = (member: Member): MemberResponse => ({
  ...member,
  createdAt: member.createdAt.toISOString(),
});

export const memberListQuery = z.strictObject({ ...listQuery, role: role.optional() });
export type MemberListQuery = z.infer<typeof memberListQuery>;

/** By user id or by e-mail address. */
export const newMemberBody = z
  .strictObject({ userId: z.uuid().optional(), email: emailAddress.optional(), role })
  .refine(({ userId, email }) => (userId === undefined) !== (email === undefined), {
    path: ['userId'],
    message: 'either userId or email',
  });
export type NewMemberBody = z.infer<typeof newMemberBody>;

export const memberChangesBody = z.strictObject({ role });
export type MemberChangesBody = z.infer<typeof memberChangesBody>;
