import type { EntityManager } from 'typeorm';
import type { NoticeEntity } from '../notices/notice.entity.js';
import type { DeliveryEntity } from './delivery.entity.js';

export type DeliveryOutcome =
  | { delivered: true; status: number | null }
  | {
      delivered: false;
      status: number | null;
      /** In plain English, for whoever looks at the delivery. */
      error: string;
      /** Whether a later attempt may end otherwise. */
      retry: boolean;
      /** Milliseconds for which the receiver asked to be left alone. */
      retryAfterMs?: number;
    };

/** Brings notices to addresses of one channel. */
export interface Courier {
  /** One attempt. Whoever receives may get the same delivery again, and knows it by its ids. */
  deliver(delivery: DeliveryEntity, notice: NoticeEntity, signal: AbortSignal): Promise<DeliveryOutcome>;
  /** It failed for good; in the transaction that says so. */
  gaveUp?(manager: EntityManager, delivery: DeliveryEntity): Promise<void>;
}
