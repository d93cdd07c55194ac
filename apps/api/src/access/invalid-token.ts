import { Problem } from '@app/problems';

/** The same words whatever is wrong with it. */
export const invalidToken = (): Problem =>
  new Problem('invalid_token', 'The access token or API key is not valid.');
