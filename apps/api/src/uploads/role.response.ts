import { ROLE_ORIGINS } from '@app/datasets';
import { ROLES } from '@app/shopping';
import { z } from 'zod';

/** Which column plays a role, how sure that is (0…1) and by whose word. */
export const roleSchema = z.object({
  role: z.enum(ROLES),
  column: z.string().nullable(),
  confidence: z.number().min(0).max(1).nullable(),
  /** `mapping`: said of this dataset; `store`: remembered from another one of its store. */
  origin: z.enum(ROLE_ORIGINS).nullable(),
  alternatives: z.array(z.object({ column: z.string(), confidence: z.number().min(0).max(1) })),
});
