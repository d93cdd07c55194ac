import type { Role } from '@app/customers';
import { invalidParameter } from '@app/problems';
import { validate as isUuid } from 'uuid';
import type { AccessService, Principal } from '../access/index.js';

/**
 * For forms whose customer is a field: as soon as that field is there, so that a stranger's files need not be received to
 * their end.
 * @throws Problem invalid_parameter; as {@link AccessService.require}
 */
export const requireEarly =
  (access: AccessService, principal: Principal, role: Role) =>
  async (name: string, value: string): Promise<void> => {
    if (name !== 'customerId') return;
    if (!isUuid(value)) throw invalidParameter(name, 'not an id');
    await access.require(principal, value, role);
  };
