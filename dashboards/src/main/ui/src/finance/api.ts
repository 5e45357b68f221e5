import type { Money } from '../frame/format';
import { get } from '../frame/http';

/** What every report of money carries, as the server writes it (`Frame.java`). */
export interface Frame {
  asked: Question;
  currency: string;
  generatedAt: string;
  trust: Trust;
}

export interface Span {
  from: string;
  to: string;
}

export interface Question {
  period: string;
  from: string;
  to: string;
  zone: string;
  span: Span;
  compare: string;
  before: Span | null;
  filters: { dimension: string; values: string[] }[];
  simulated: string;
  groupBy: string[];
}

export interface Trust {
  reportedShare: number | null;
  estimatedShare: number | null;
  estimated: Money;
  unpriced: number;
  simulatedShare: number | null;
  simulated: number;
  otherCurrency: number;
  lastWrite: string | null;
  months: { month: string; closed: boolean }[];
}

export interface Choices {
  dimensions: { dimension: string; values: string[]; more: boolean }[];
  moreTags: boolean;
}

/** @param search the question as a query without its `?` */
export const report = <T>(path: string, search: string, signal: AbortSignal) => get<T>(search ? `${path}?${search}` : path, signal);

export const choices = (search: string, signal: AbortSignal) => report<Choices>('/api/money/choices', search, signal);

/** Part of what made spend move. */
export interface Mover {
  value: string;
  before: Money;
  now: Money;
  difference: Money;
  change: number | null;
}

/** How much of the spend vendors have confirmed (`Reconciled.java`). */
export interface Reconciled {
  currency: string;
  share: number | null;
  confirmed: Money;
  spend: Money;
  vendors: { vendor: string; matched: number; differing: number; open: number; confirmed: Money; spend: Money }[];
}

export const reconciled = (search: string, signal: AbortSignal) => report<Reconciled>('/api/money/reconciled', search, signal);
