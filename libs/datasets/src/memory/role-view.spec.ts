import type { Column } from '@app/frames';
import { describe, expect, it } from 'vitest';
import { rolesOf } from './role-view.js';

const column = (name: string, type: Column['type']): Column => ({
  name,
  header: name,
  physical: 'c0',
  type,
  storage: 'VARCHAR',
  nulls: 0,
  min: null,
  max: null,
});
const columns = [column('client', 'text'), column('member_no', 'text'), column('when', 'date')];

describe('rolesOf', () => {
  it('says who plays a role, by whose word, and who else might', () => {
    const mapping = { roles: { shopperId: 'member_no', product: 'client' }, columns: {} };
    const decisions = { roles: { product: 'client' }, columns: {}, remembered: ['product'] };
    const roles = rolesOf({ mapping: { ...mapping, roles: { shopperId: 'client' } }, decisions }, columns);
    expect(roles[0]).toMatchObject({
      role: 'shopperId',
      column: 'client',
      confidence: 0.7,
      origin: 'proposal',
    });
    expect(roles.find(({ role }) => role === 'orderedAt')).toEqual({
      role: 'orderedAt',
      column: null,
      confidence: null,
      origin: null,
      alternatives: [{ column: 'when', confidence: 0.4 }],
    });
    const said = rolesOf({ mapping, decisions }, columns);
    expect(said.find(({ role }) => role === 'product')).toMatchObject({ confidence: 1, origin: 'store' });
    const own = rolesOf({ mapping, decisions: { ...decisions, remembered: [] } }, columns);
    expect(own.find(({ role }) => role === 'product')).toMatchObject({ confidence: 1, origin: 'mapping' });
  });

  it('has nothing to say before there are columns', () => {
    const nothing = { roles: {}, columns: {} };
    expect(rolesOf({ mapping: nothing, decisions: nothing }, [])).toEqual([]);
  });
});
