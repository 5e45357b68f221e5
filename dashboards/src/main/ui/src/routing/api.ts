import type { Money } from '../frame/format';
import { get, post, query } from '../frame/http';

export type Period = '24h' | '7d' | '30d';

export interface RouteRow {
  route: string;
  policy: string | null;
  sentence: string;
  candidates: string[];
  baseline: string | null;
  requests: number;
  shares: { model: string; requests: number }[];
}

export interface Accuracy {
  value: number;
  low: number;
  high: number;
  labels: number;
}

export interface Figures {
  requests: number;
  cost: Money | null;
  firstTokenMillis: number | null;
  p95Millis: number | null;
  accuracy: Accuracy | null;
  dominatedBy: string | null;
}

export interface Reason {
  kind: 'refusal' | 'limit';
  text: string;
  requests: number;
}

export interface CandidateRow {
  model: string;
  open: boolean;
  baseline: boolean;
  role: 'candidate' | 'fallback' | 'former';
  chosen: number;
  shareNow: number;
  expected: Figures;
  measured: Figures;
  weighed: number;
  excluded: number;
  reasons: Reason[];
  evidence: { outcome: string; difference: number; lower: number; upper: number; simulated: boolean } | null;
  swap: { state: string; segment: string } | null;
}

export interface DecisionRow {
  requestId: string;
  at: string;
  tenant: string;
  model: string | null;
  served: string | null;
  reason: string;
  cost: Money | null;
  latencyMillis: number;
  score: number | null;
  failed: boolean;
  /** Whether it tells what moved its accuracies: a sample does. */
  explained: boolean;
}

export interface Traffic {
  stepSeconds: number;
  starts: string[];
  models: { model: string; sum: number; requests: number[] }[];
}

export interface RoutePage {
  route: string;
  period: Period;
  generatedAt: string;
  currency: string;
  policy: string | null;
  sentences: string[];
  baseline: string | null;
  policies: { name: string; sentence: string }[];
  remarks: { error: boolean; what: string; remedy: string }[];
  requests: number;
  sampled: number;
  sampledFrom: string | null;
  traffic: Traffic;
  all: Figures;
  candidates: CandidateRow[];
  decisions: DecisionRow[];
}

/** An estimate as the replay tells it; unknown is null. */
export interface Estimate {
  recorded: number | null;
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface SimulatedRow {
  tenant: string | null;
  route: string | null;
  support: { requests: number; supported: number; effective_samples: number; by_model_only: number; refused: number };
  traffic_recorded: Record<string, number>;
  traffic: Record<string, number>;
  cost: Estimate;
  seconds_p95: Estimate;
  accuracy: Estimate;
}

export interface Move {
  route: string;
  from: string | null;
  to: string | null;
  requests: number;
  cost_before: number | null;
  cost_after: number | null;
  seconds_p95_before: number | null;
  seconds_p95_after: number | null;
  accuracy_before: number | null;
  accuracy_after: number | null;
}

export interface Simulation {
  policy: string;
  sentence: string;
  from: string | null;
  to: string | null;
  currency: string;
  rows: SimulatedRow[];
  rows_left_out: number;
  whole_period: boolean;
  remarks: { error: boolean; what: string; remedy: string }[];
  moves: Move[];
  notes: string[];
}

export interface Asked {
  route: string;
  policy: string;
  period: Period;
  everywhere: boolean;
}

export const list = (period: Period, signal: AbortSignal) =>
  get<{ routes: RouteRow[] }>(`/api/routing${query({ period })}`, signal);
export const route = (name: string, period: Period, signal: AbortSignal) =>
  get<RoutePage>(`/api/routing/${encodeURIComponent(name)}${query({ period })}`, signal);
export const simulate = (asked: Asked) => post<Simulation>('/api/routing/simulate', asked);
export const address = (name: string) => `/routing/${encodeURIComponent(name)}`;
