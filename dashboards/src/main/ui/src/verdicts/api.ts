import { get, query } from '../frame/http';
import type { Money } from '../frame/format';

export type Outcome = 'SUPERIOR' | 'NON_INFERIOR' | 'INFERIOR' | 'INCONCLUSIVE' | 'INVALID';
export type GuardVerdict = 'PASS' | 'FAIL' | 'UNDECIDED' | 'INFO';

/** A verdict as a list shows it; shares are fractions. */
export interface VerdictRow {
  id: string;
  route: string;
  candidate: string;
  incumbent: string;
  suite: string;
  outcome: Outcome;
  action: string;
  sentence: string;
  margin: number | null;
  difference: number | null;
  lower: number | null;
  upper: number | null;
  items: number;
  createdAt: string;
  expiresAt: string;
  expired: boolean;
  simulated: boolean;
  blockedBy: string[];
}

export interface Guard {
  metric: string;
  value: number | null;
  upper95: number | null;
  limit: number | null;
  verdict: GuardVerdict;
  reason: string;
}

export interface Slice {
  name: string;
  n: number;
  candidate_accuracy: number;
  incumbent_accuracy: number;
  diff: number;
  interval: { lower: number; upper: number };
  critical: boolean;
  flagged: boolean;
  p_worse_holm?: number | null;
  verdict: Outcome | null;
}

export interface Subject {
  model: string;
  fingerprint: string | null;
  served_models: string[];
  simulated: boolean;
  accuracy: number | null;
}

/** The record itself, as it is sealed; only what the page shows is named. */
export interface Verdict {
  schema: string;
  suite: { id: string; sha256: string | null };
  incumbent: Subject;
  candidate: Subject;
  design: {
    margin: number;
    margin_basis: string;
    alpha: number;
    test: string;
    preregistered_at: string | null;
    preregistered_before_data: boolean | null;
    break_even: { incumbent_cost: Money; candidate_cost: Money; fail_cost: Money; point: number } | null;
    sha256: string;
  };
  data: {
    n: number;
    missing: number;
    candidate_unanswered: number;
    both: number | null;
    only_candidate: number | null;
    only_incumbent: number | null;
    neither: number | null;
    records: string | null;
    records_sha256: string | null;
  };
  quality: {
    diff: number;
    interval: { lower: number; upper: number } | null;
    interval_kind: string;
    confidence: number;
    p_non_inferior: number | null;
    stopped_at: number | null;
    verdict: Outcome;
    items_needed: number | null;
  };
  guards: Guard[];
  slices: Slice[];
  decision: { action: string; from: string | null; to: string | null; reasons: string[]; blocked_by: string[] };
  economics: {
    currency: string;
    incumbent_per1k: Money;
    candidate_per1k: Money;
    saving_per1k: Money;
    saving_share: number | null;
    extra_failures_per1k_at_most: number | null;
  } | null;
  noise_floor: { n: number; differing: number; share: number; diff: number; unstable: boolean } | null;
  previous_sha256: string | null;
  sha256: string | null;
}

export interface VerdictView {
  row: VerdictRow;
  verdict: Verdict;
  chain: { sealed: boolean; link: 'FIRST' | 'LINKED' | 'MISSING'; previous: string | null; next: string[]; fault: string | null };
  run: string | null;
  command: string;
}

export interface Recomputed {
  records: string | null;
  holds: boolean | null;
  checked: number;
  wrong: { what: string; stated: string; computed: string }[];
  reason: string | null;
}

export const list = (signal: AbortSignal) => get<{ verdicts: VerdictRow[] }>(`/api/verdicts/list${query({ limit: 100 })}`, signal);
export const one = (id: string, signal: AbortSignal) => get<VerdictView>(`/api/verdicts/${encodeURIComponent(id)}`, signal);
export const check = (id: string, signal: AbortSignal) => get<Recomputed>(`/api/verdicts/${encodeURIComponent(id)}/check`, signal);
