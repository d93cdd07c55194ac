import { type ApiKeyEntity, ROLES } from '@app/customers';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';
import { text } from '../http/text.js';

export const apiKeyResponse = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  prefix: z.string().meta({ description: 'How the key begins.' }),
  createdBy: z.uuid(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type ApiKeyResponse = z.infer<typeof apiKeyResponse>;

export const apiKeyPage = pageOf(apiKeyResponse);

export const newApiKeyResponse = apiKeyResponse.extend({
  key: z.string().meta({ description: 'The key itself, shown this once.' }),
});
export type NewApiKeyResponse = z.infer<typeof newApiKeyResponse>;

export const toApiKeyResponse = (apiKey: ApiKeyEntity): ApiKeyResponse => ({
  id: apiKey.id,
  customerId: apiKey.customerId,
  name: apiKey.name,
  role: apiKey.role,
  prefix: apiKey.prefix,
  createdBy: apiKey.createdBy,
  createdAt: apiKey.createdAt.toISOString(),
  lastUsedAt: apiKey.lastUsedAt?.toISOString() ?? null,
});

export const apiKeyListQuery = z.strictObject({ ...listQuery, customerId: z.uuid().optional() });
export type ApiKeyListQuery = z.infer<typeof apiKeyListQuery>;

export const newApiKeyBody = z.strictObject({
  customerId: z.uuid(),
  role: z.enum(ROLES),
  name: text(200, 0).default(''),
});
export type NewApiKeyBody = z.infer<typeof newApiKeyBody>;
