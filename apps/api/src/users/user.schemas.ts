import type { UserEntity } from '@app/users';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';
import { text } from '../http/text.js';

const MAX_EMAIL_LENGTH = 254;

/** What the password policy then looks at: it alone knows the limits, this only keeps floods out. */
export const passwordText = z.string().max(1024);

export const emailAddress = z.string().trim().toLowerCase().max(MAX_EMAIL_LENGTH).pipe(z.email());

export const userResponse = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  isAdmin: z.boolean(),
  isActive: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type UserResponse = z.infer<typeof userResponse>;

export const userPage = pageOf(userResponse);

export const toUserResponse = (user: UserEntity): UserResponse => ({
  id: user.id,
  email: user.email,
  name: user.name,
  isAdmin: user.isAdmin,
  isActive: user.isActive,
  createdAt: user.createdAt.toISOString(),
});

export const userListQuery = z.strictObject({ ...listQuery });
export type UserListQuery = z.infer<typeof userListQuery>;

export const newUserBody = z.strictObject({
  email: emailAddress,
  password: passwordText,
  name: text(200),
  isAdmin: z.boolean().optional(),
});
export type NewUserBody = z.infer<typeof newUserBody>;

export const userChangesBody = z.strictObject({
  email: emailAddress.optional(),
  password: passwordText.optional(),
  name: text(200).optional(),
  isAdmin: z.boolean().optional(),
  isActive: z.boolean().optional(),
});
export type UserChangesBody = z.infer<typeof userChangesBody>;

/** Who changes how the account is reached proves again to be its owner. */
export const profileChangesBody = z
  .strictObject({
    email: emailAddress.optional(),
    name: text(200).optional(),
    password: passwordText.optional(),
    currentPassword: passwordText.optional(),
  })
  .refine(
    ({ email, password, currentPassword }) =>
      (email === undefined && password === undefined) || currentPassword !== undefined,
    { path: ['currentPassword'], message: 'needed to change the password or the e-mail address' },
  );
export type ProfileChangesBody = z.infer<typeof profileChangesBody>;
