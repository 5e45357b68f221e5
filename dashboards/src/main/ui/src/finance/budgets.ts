import type { Money } from '../frame/format';
import { get, post } from '../frame/http';
import type { Estimate } from './outlook';

/** Where a budget's period lands (`BudgetOutlook.java`). Days are null where they lie beyond the period. */
export interface Outlook {
  end: Estimate | null;
  beyond: number | null;
  runsOut: string | null;
  earliest: string | null;
  latest: string | null;
  why: string | null;
}

/** A budget as the server tells it (`BudgetLine.java`). */
export interface Budget {
  name: string;
  scope: string;
  filters: Record<string, string[]>;
  per: 'day' | 'week' | 'month' | 'total';
  zone: string;
  from: string;
  resets: string | null;
  amount: Money;
  limit: Money;
  spent: Money;
  reserved: Money;
  left: Money;
  overrun: Money;
  used: number;
  elapsed: number | null;
  state: 'within' | 'ahead' | 'used-up' | 'overrun' | 'unknown';
  whenUsedUp: 'refuse' | 'warn' | 'downgrade';
  downgradeTo: string[];
  thresholds: number[];
  unpriced: number;
  countsUnpricedAs: Money | null;
  refused: number;
  outlook: Outlook | null;
}

export interface BudgetList {
  currency: string;
  generatedAt: string;
  budgets: Budget[];
}

export interface Step {
  at: string;
  cost: Money;
  left: Money;
  even: Money | null;
}

export interface Ahead {
  at: string;
  left: Estimate;
  even: Money | null;
}

export interface BudgetDetail {
  currency: string;
  generatedAt: string;
  budget: Budget;
  start: Money;
  steps: Step[];
  ahead: Ahead[];
  spenders: { dimension: string; dearest: { name: string; cost: Money; attempts: number; share: number | null }[] }[];
  topUps: { id: string; amount: Money; reason: string; by: string; grantedAt: string; expires: string; holds: boolean }[];
  alerts: { threshold: number; reached: string; spent: Money; limit: Money; delivered: string | null; detail: string }[];
}

const address = (name: string) => `/api/budgets/${encodeURIComponent(name)}`;

export const list = (signal: AbortSignal) => get<BudgetList>('/api/budgets', signal);
export const one = (name: string, signal: AbortSignal) => get<BudgetDetail>(address(name), signal);
export const csv = (name?: string) => `${name === undefined ? '/api/budgets' : address(name)}?format=csv`;
export const topUp = (budget: string, given: Record<string, string>) =>
  post<BudgetDetail>('/api/budgets/actions', { action: 'top-up', budget, ...given });

/** The calls of a budget's period, for the page that lists them. */
export function calls(budget: Budget): string {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone: budget.zone });
  const asked = new URLSearchParams({ from: days.format(new Date(budget.from)), to: days.format(new Date()), zone: budget.zone });
  if (budget.per === 'total') {
    asked.set('from', days.format(new Date(Date.now() - 92 * 86_400_000)));
  }
  for (const [dimension, values] of Object.entries(budget.filters)) {
    values.forEach((value) => asked.append(dimension, value));
  }
  return `/requests?${asked}`;
}
