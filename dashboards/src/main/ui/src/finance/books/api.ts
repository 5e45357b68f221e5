import type { Money } from '../../frame/format';
import { get, post, query } from '../../frame/http';

export type Status = 'MATCHED' | 'PRICE' | 'MISSING' | 'EXCESS' | 'UNMAPPED' | 'NOT_FETCHED';

/** One model and bucket of a day, on both sides (`ReconciledLine.java`). */
export interface Line {
  model: string | null;
  item: string;
  ledgerQuantity: number | null;
  vendorQuantity: number | null;
  ledger: Money;
  vendor: Money;
  difference: Money;
  status: Status;
}

export interface Day {
  vendor: string;
  day: string;
  status: Status;
  fetchedAt: string | null;
  currency: string;
  ledger: Money;
  adjusted: Money;
  vendorCost: Money | null;
  difference: Money | null;
  lines: Line[];
}

export interface Accounts {
  from: string;
  to: string;
  vendors: string[];
  days: Day[];
}

export interface Check {
  subject: string;
  question: string;
  state: 'DONE' | 'OPEN' | 'WAIVED';
  finding: string;
  waiver: { reason: string; by: string } | null;
}

export interface MonthState {
  month: string;
  totals: Record<string, Money>;
  attempts: number;
  adjustments: number;
  checks: Check[];
  frozen: { at: string; by: string; replica: string; day: string; seq: number; hash: string } | null;
}

export interface Adjustment {
  id: string;
  bookedAt: string;
  kind: string;
  concerns: string;
  tenant: string;
  vendor: string;
  model: string;
  amount: Money;
  currency: string;
  reason: string;
  by: string;
  invoice: string | null;
  attemptId: string | null;
  reverses: string | null;
  takenBackBy: string | null;
}

export interface OpenedMonth {
  state: MonthState;
  adjustments: Adjustment[];
}

export interface Price {
  bucket: string;
  fromPromptTokens: number;
  hours: string;
  price: Money;
  per: string;
}

export interface Version {
  id: string;
  tier: string;
  from: string;
  to: string | null;
  basis: string;
  currency: string;
  source: string;
  state: 'UPCOMING' | 'CURRENT' | 'PAST';
  prices: Price[];
  effect: Money | null;
}

export interface Sold {
  sku: string;
  spend: Money;
  versions: Version[];
}

export interface Change {
  bucket: string;
  fromPromptTokens: number;
  before: Money | null;
  after: Money;
  per: string;
  percent: string | null;
}

export interface Proposed {
  id: string;
  sku: string;
  tier: string;
  from: string | null;
  changes: Change[];
  sources: string[];
  findings: string[];
  sound: boolean;
  proposedAt: string;
  effect: Money | null;
}

/** What became of a proposal. */
export interface Decided {
  id: string;
  sku: string;
  tier: string;
  changes: Change[];
  accepted: boolean;
  at: string;
  by: string;
  reason: string | null;
}

export interface Prices {
  asOf: string;
  days: number;
  currency: string;
  sold: Sold[];
  proposals: Proposed[];
  decided: Decided[];
}

export interface Schedules {
  schedules: {
    id: string;
    name: string;
    report: string;
    cadence: 'DAILY' | 'WEEKLY' | 'MONTHLY';
    hour: number;
    to: string;
    createdBy: string;
    createdAt: string;
    next: string | null;
    /** That failed since it was last sent. */
    tries: number;
  }[];
  /** Whether there is a mail server to send with. */
  mail: boolean;
  deliveries: { scheduleId: string; at: string; sent: boolean; detail: string }[];
}

export const accounts = (from: string, to: string, signal: AbortSignal) =>
  get<Accounts>(`/api/reconciliation${query({ from, to })}`, signal);
export const months = (signal: AbortSignal) => get<{ months: string[] }>('/api/months', signal);
export const month = (name: string, signal: AbortSignal) => get<OpenedMonth>(`/api/months/${encodeURIComponent(name)}`, signal);
export const prices = (part: string, signal: AbortSignal) => get<Prices>(`/api/prices${query({ part })}`, signal);

/** What a person does to the books; see `LedgerActions.java`. */
export const act = <T>(action: string, parts: Record<string, unknown>) => post<T>('/api/ledger/actions', { action, ...parts });

/** What a person decides on a proposed price; see `PriceApi.java`. */
export const decide = (action: 'accept' | 'reject', id: string, given: Record<string, string>) =>
  post<unknown>('/api/prices/actions', { action, ids: [id], ...given });

export const schedules = (signal: AbortSignal) => get<Schedules>('/api/report-schedules', signal);
export const schedule = (action: string, parts: Record<string, unknown>) =>
  post<Schedules>('/api/report-schedules/actions', { action, ...parts });
