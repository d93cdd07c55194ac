import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { EntityManager } from 'typeorm';
import { FIRST_SEAL, type Seal, sealOf, sealsAfter } from './audit-seal.js';

const BATCH_SIZE = 5000;

export interface ChainFault {
  kind: 'audit_changed' | 'audit_missing' | 'audit_unsealed';
  /** Of the entry; of a gap, the position after it. */
  id: string;
  detail: string;
}

export interface ChainReport {
  /** The last seal: whoever notes it elsewhere also notices a chain that was made anew. */
  head: Seal | null;
  faults: ChainFault[];
}

/** Whether the audit still says what was written. */
@Injectable()
export class AuditChain {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** Computes every seal again. A fault breaks only its own link: what follows is compared with the stored seals. */
  async verify(): Promise<ChainReport> {
    const faults: ChainFault[] = [];
    let head: Seal = { position: '0', hash: FIRST_SEAL };
    for (;;) {
      const seals = await sealsAfter(this.manager, head.position, BATCH_SIZE);
      for (const { entryId, entry, ...seal } of seals) {
        if (BigInt(seal.position) !== BigInt(head.position) + 1n) {
          faults.push({ kind: 'audit_missing', id: seal.position, detail: 'seals before it are missing' });
        } else if (entry === null) {
          faults.push({ kind: 'audit_missing', id: entryId, detail: 'the entry is gone, its seal is there' });
        } else if (sealOf(head.hash, entry) !== seal.hash) {
          faults.push({ kind: 'audit_changed', id: entryId, detail: 'the entry is not what was sealed' });
        }
        head = seal;
      }
      if (seals.length < BATCH_SIZE) break;
    }
    return { head: head.position === '0' ? null : head, faults: [...faults, ...(await this.unsealed())] };
  }

  /** Sealing takes seconds; what is older was put there afterwards, or nothing seals. */
  private async unsealed(): Promise<ChainFault[]> {
    const rows = await this.manager.query<{ id: string }[]>(
      `SELECT e.id FROM audit_entries e
        WHERE e.at < now() - interval '2 hours'
          AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = e.id) ORDER BY e.at LIMIT 100`,
    );
    return rows.map(({ id }) => ({
      kind: 'audit_unsealed',
      id,
      detail: 'the entry was never sealed: it was added later, or nothing seals',
    }));
  }
}
