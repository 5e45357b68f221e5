import type { Money } from '../frame/format';
import { get } from '../frame/http';
import type { Frame } from './api';

/** One call as the server writes it (`CallRow.java`). */
export interface CallRow {
  attemptId: string;
  requestId: string;
  attemptNo: number;
  role: string;
  state: 'OPEN' | 'SETTLED' | 'ABORTED' | 'FAILED' | 'EXPIRED';
  startedAt: string;
  latencyMillis: number | null;
  tenant: string;
  route: string;
  model: string;
  vendor: string;
  simulated: boolean;
  currency: string | null;
  cost: Money | null;
  baseline: Money | null;
  costSource: string;
  usageSource: string | null;
  estimated: boolean;
  inputTokens: number;
  outputTokens: number;
  httpStatus: number | null;
  errorCode: string | null;
}

export interface CallList {
  frame: Frame;
  rows: CallRow[];
  next: string | null;
  searchedTo: string | null;
  dropped: string[];
}

export interface Line {
  bucket: string;
  quantity: string;
  unitPrice: string | null;
  per: string | null;
  cost: Money | null;
  priceVersion: string | null;
  list: Money | null;
}

export interface Call {
  row: CallRow;
  afterMillis: number;
  firstByteMillis: number | null;
  servedModel: string | null;
  tier: string | null;
  region: string | null;
  replica: string;
  list: Money | null;
  contract: Money | null;
  reported: Money | null;
  reportedCurrency: string | null;
  reserved: Money | null;
  priceVersion: string | null;
  baselineVersion: string | null;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  inconsistent: boolean;
  normaliser: number | null;
  usageRaw: string | null;
  finishReason: string | null;
  lines: Line[];
  baselineLines: Line[];
  adjustments: { id: string; bookedAt: string; kind: string; amount: Money; currency: string; reason: string; enteredBy: string }[];
}

export interface CallDetail {
  requestId: string;
  receivedAt: string;
  tenant: string;
  tags: Record<string, string>;
  route: string;
  requestedModel: string;
  currency: string | null;
  cost: Money | null;
  baseline: Money | null;
  calls: Call[];
}

export interface Quality {
  frame: Frame;
  counts: {
    calls: number;
    estimated: number;
    estimatedCost: Money;
    estimatedShare: number | null;
    unpriced: number;
    expired: number;
    inconsistent: number;
    missing: number;
    skewed: number;
  };
  models: {
    model: string;
    vendor: string;
    calls: number;
    estimated: number;
    estimatedCost: Money;
    unpriced: number;
    unpricedTokens: number;
    expired: number;
  }[];
  doubts: { vendor: string; why: string; calls: number }[];
  normalisers: { version: number | null; calls: number }[];
  open: { open: number; overdue: number; oldest: string | null };
  days: { day: string; replica: string; entries: number; head: string }[];
  latest: CallRow[];
}

export interface DayCheck {
  attempts: number;
  chargeLines: number;
  chainEntries: number;
  sum: Record<string, Money>;
  problems: string[];
}

export const oneRequest = (id: string, signal: AbortSignal) => get<CallDetail>(`/api/money/calls/${encodeURIComponent(id)}`, signal);

export const checkDay = (day: string, signal: AbortSignal) => get<DayCheck>(`/api/money/quality/check?day=${day}`, signal);
