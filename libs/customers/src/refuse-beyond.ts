import { Problem } from '@app/problems';
import { type EntityManager, type EntityTarget, IsNull } from 'typeorm';

interface Owned {
  customerId: string;
  deletedAt: Date | null;
}

/**
 * Comes before something of a customer is made, in the same transaction: such things are then made one after the other, so
 * that the limit holds.
 * @throws Problem unprocessable where the customer has as many as it may
 */
export async function refuseBeyond(
  manager: EntityManager,
  entity: EntityTarget<Owned>,
  customerId: string,
  { most, name }: { most: number; name: string },
): Promise<void> {
  await manager.query('SELECT 1 FROM customers WHERE id = $1 FOR UPDATE', [customerId]);
  const count = await manager.countBy(entity, { customerId, deletedAt: IsNull() });
  if (count >= most) throw new Problem('unprocessable', `A customer may have ${most} ${name}.`);
}
