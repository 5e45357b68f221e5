import { get } from '../frame/http';
import type { Money } from '../frame/format';

/** The overview's JSON, as the server writes it. */

export type Period = '24h' | '7d' | '30d';
export type AttemptState = 'OPEN' | 'SETTLED' | 'ABORTED' | 'FAILED' | 'EXPIRED';

export interface Overview {
  period: Period;
  from: string;
  to: string;
  generatedAt: string;
  currency: string;
  figures: Figures;
  trust: Trust;
  summary: string;
  series: SpendSeries;
  models: ModelRow[];
  decisions: DecisionRow[];
}

export interface Figures {
  spend: Money;
  spendChange: number | null;
  baseline: Money;
  compared: Money;
  saved: Money;
  savedShare: number | null;
  requests: number;
  requestsChange: number | null;
  successRate: number | null;
  answered: number;
  unanswered: number;
  refused: number;
  callerLeft: number;
  attempts: number;
  settled: number;
  aborted: number;
  failed: number;
  expired: number;
  open: number;
  inputTokens: number;
  cacheReadTokens: number;
  outputTokens: number;
}

export interface Trust {
  reportedShare: number | null;
  estimatedShare: number | null;
  estimatedSpend: Money;
  estimated: number;
  unpriced: number;
  simulatedShare: number | null;
  simulatedSpend: Money;
  simulated: number;
  otherCurrency: number;
  lastWrite: string | null;
}

export interface SpendSeries {
  stepSeconds: number;
  starts: string[];
  models: { model: string; simulated: boolean; sum: Money; spend: Money[] }[];
  total: Money[];
}

export interface ModelRow {
  model: string;
  vendor: string;
  simulated: boolean;
  calls: number;
  answered: number;
  inputTokens: number;
  cacheReadTokens: number;
  outputTokens: number;
  cost: Money;
  costPerAnswer: Money | null;
  spendShare: number | null;
  unpriced: number;
  p50Millis: number | null;
  p95Millis: number | null;
}

export interface DecisionRow {
  requestId: string;
  at: string;
  route: string;
  requestedModel: string;
  model: string;
  policy: string | null;
  reason: string | null;
  cost: Money | null;
  saved: Money | null;
  latencyMillis: number | null;
  state: AttemptState;
  attempts: number;
  simulated: boolean;
  estimated: boolean;
  errorCode: string | null;
}

export interface ChargeLine {
  bucket: string;
  quantity: string;
  unitPrice: string | null;
  per: string | null;
  cost: Money | null;
}

export interface AttemptRow {
  attemptId: string;
  attemptNo: number;
  role: string;
  state: AttemptState;
  startedAt: string;
  latencyMillis: number | null;
  firstByteMillis: number | null;
  model: string;
  servedModel: string | null;
  simulated: boolean;
  currency: string | null;
  reserved: Money | null;
  cost: Money | null;
  baseline: Money | null;
  priceVersion: string | null;
  usageSource: string | null;
  estimated: boolean;
  httpStatus: number | null;
  finishReason: string | null;
  errorCode: string | null;
  lines: ChargeLine[];
}

/** One candidate of a decision, as the policy engine writes it. */
export interface Candidate {
  model: string;
  place: number;
  note: string;
  open: boolean;
  baseline: boolean;
  share: number;
  predicted_cost: Money | null;
  currency: string | null;
  /** The one that bears its cost; absent where none is about it. */
  commitment?: { name: string; left: Money; currency: string };
  first_token_p95_ms: number | null;
  total_p95_ms: number | null;
  latency_observations: number;
  /** Null where nothing was learnt; `why` is there for a sample of decisions. */
  accuracy?: {
    probability: number;
    low: number;
    high: number;
    labels: number;
    version: string;
    why?: { feature: string; effect: number }[];
  } | null;
  evidence: { verdict: string; outcome: string; difference: number; lower: number; simulated: boolean } | null;
  refusals: string[];
  violations: { constraint: string; limit: string; actual: string }[];
}

/** A decision as it was recorded; a part that this page does not know is shown as JSON. */
export interface Decision {
  policy?: string | null;
  reason?: string | null;
  baseline?: string | null;
  candidates?: Candidate[];
  limits?: {
    total_p95_ms: number | null;
    cost_at_most: Money | null;
    accuracy: { at_least?: number; within?: number; of?: string }[];
  } | null;
}

export interface DecisionDetail {
  requestId: string;
  decision: Decision | null;
  attempts: AttemptRow[];
}

export interface VerdictRow {
  route: string;
  candidate: string;
  incumbent: string;
  state: string;
  since: string | null;
  reason: string | null;
  verdictId: string | null;
  outcome: string | null;
  sentence: string | null;
  margin: number | null;
  difference: number | null;
  lower: number | null;
  upper: number | null;
  items: number | null;
  createdAt: string | null;
  expiresAt: string | null;
  expired: boolean;
  simulated: boolean;
}

export const overview = (period: Period, signal: AbortSignal) => get<Overview>(`/api/overview?period=${period}`, signal);
export const verdicts = (signal: AbortSignal) => get<{ routes: VerdictRow[] }>('/api/verdicts', signal);
export const decision = (requestId: string, signal: AbortSignal) =>
  get<DecisionDetail>(`/api/decisions/${encodeURIComponent(requestId)}`, signal);
