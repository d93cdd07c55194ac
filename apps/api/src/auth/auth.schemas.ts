import type { SignedIn } from '@app/users';
import { z } from 'zod';
import { text } from '../http/text.js';
import { emailAddress, passwordText, toUserResponse, userResponse } from '../users/user.schemas.js';

/** Not checked for being an address: what is none has no account, which is said like a wrong password. */
export const credentialsBody = z.strictObject({
  email: text(254).toLowerCase(),
  password: passwordText.min(1),
});
export type CredentialsBody = z.infer<typeof credentialsBody>;

export const registrationBody = z.strictObject({
  email: emailAddress,
  password: passwordText,
  name: text(200),
});
export type RegistrationBody = z.infer<typeof registrationBody>;

export const registrationResponse = z.object({
  allowed: z.boolean().meta({ description: 'Whether everybody may make an account here.' }),
});
export type RegistrationResponse = z.infer<typeof registrationResponse>;

/** Browsers send the cookie instead and may leave the body out. */
export const refreshBody = z
  .strictObject({ refreshToken: z.string().min(1).max(512).optional() })
  .default({});
export type RefreshBody = z.infer<typeof refreshBody>;

export const tokensResponse = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().meta({ description: 'Seconds until the access token ends.' }),
  user: userResponse,
});
export type TokensResponse = z.infer<typeof tokensResponse>;

export const toTokensResponse = (signedIn: SignedIn): TokensResponse => ({
  accessToken: signedIn.accessToken,
  refreshToken: signedIn.refreshToken,
  tokenType: 'Bearer',
  expiresIn: signedIn.expiresIn,
  user: toUserResponse(signedIn.user),
});
