import type { JsonBody } from './api-client.js';
import { expectStatus, type SignedInUser, type Tenant, unique } from './factory.js';
import type { Answer } from './api-client.js';

export interface BundleLink {
  name?: string;
  from: string;
  to: string;
}

/** A form of several files, by their names. */
export function bundleForm(
  fields: Record<string, string>,
  files: readonly (readonly [name: string, content: string])[],
  links: readonly BundleLink[] = [],
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (links.length > 0) form.append('links', JSON.stringify(links));
  for (const [name, content] of files) form.append('files', new Blob([content], { type: 'text/csv' }), name);
  return form;
}

export const sendBundle = (
  user: SignedInUser,
  { customerId }: Pick<Tenant, 'customerId'>,
  files: readonly (readonly [string, string])[],
  links: readonly BundleLink[] = [],
): Promise<Answer> =>
  user.api.post('/bundles', bundleForm({ customerId, name: unique('bundle') }, files, links));

export const startBundle = async (
  user: SignedInUser,
  tenant: Pick<Tenant, 'customerId'>,
  files: readonly (readonly [string, string])[],
  links: readonly BundleLink[] = [],
): Promise<JsonBody> => expectStatus(await sendBundle(user, tenant, files, links), 202);
