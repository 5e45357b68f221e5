import type { Money } from '../frame/format';
import { get } from '../frame/http';

/** A commitment as the server tells it (`CommitmentLine.java`). Figures of the month are null where there is none or nobody knows. */
export interface Commitment {
  name: string;
  models: string[];
  from: string;
  to: string;
  per: 'month';
  zone: string;
  month: string | null;
  next: string | null;
  amount: Money;
  used: Money | null;
  left: Money | null;
  beyond: Money | null;
  reserved: Money | null;
  share: number | null;
  unusedAtPace: Money | null;
  unpriced: number | null;
  state: 'within' | 'used-up' | 'not-begun' | 'ended' | 'unknown';
}

export interface CommitmentList {
  currency: string;
  generatedAt: string;
  commitments: Commitment[];
}

export const list = (signal: AbortSignal) => get<CommitmentList>('/api/commitments', signal);
