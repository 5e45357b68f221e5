import { get, query } from '../frame/http';
import type { Money } from '../frame/format';
import type { VerdictRow } from '../verdicts/api';

export type State = 'RUNNING' | 'ENDED' | 'CUT_OFF';
export type Stop = 'COMPLETE' | 'ENOUGH' | 'SPEND_CAP' | 'SPEND_UNKNOWN' | 'FAILING' | 'DENIED';
export type Kind = 'BOTH' | 'ONLY_CANDIDATE' | 'ONLY_INCUMBENT' | 'NEITHER' | 'RIGHT' | 'WRONG' | 'UNGRADED' | 'WAITING';

/** An estimate with its 95 % interval, computed by the server. */
export interface Estimate {
  value: number;
  interval: { lower: number; upper: number } | null;
  n: number;
}

export interface Calibration {
  n: number;
  passes: number;
  unreadable: number;
  agreement: number;
  kappa: number | null;
  kappaLower: number | null;
  ac1: number;
  truePositives: number | null;
  trueNegatives: number | null;
  order: { consistent: number; firstPositionRate: number; agreementWhenConsistent: number | null } | null;
}

export interface JudgeNote {
  grader: string;
  model: string;
  calibration: Calibration | null;
  problems: string[];
}

export interface Header {
  id: string;
  suite: string;
  suiteVersion: string;
  suiteFolder: string;
  route: string | null;
  models: { model: string; fingerprint: string | null }[];
  margin: number | null;
  sequential: boolean;
  total: number;
  startedAt: string;
  judges: JudgeNote[];
  gateProblems: string[];
  /** Whether anything says what is right; null in the files of an earlier version. */
  keyed: boolean | null;
}

export interface Side {
  model: string;
  done: number;
  reused: number;
  errors: number;
  ungraded: number;
  formatFailures: number;
  truncated: number;
  refused: number;
  simulated: number;
  accuracy: Estimate | null;
  cost: Money | null;
  spent: Money | null;
  currency: string | null;
  p50Millis: number | null;
  p95Millis: number | null;
  completionTokens: number | null;
}

export interface Slice {
  name: string;
  n: number;
  candidate: Estimate | null;
  incumbent: Estimate | null;
  difference: Estimate | null;
}

export interface Summary {
  header: Header;
  state: State;
  evidence: number | null;
  lastAt: string;
  endedAt: string | null;
  stop: Stop | null;
  verdict: string | null;
  figures: {
    models: Side[];
    kinds: Partial<Record<Kind, number>>;
    difference: Estimate | null;
    slices: Slice[];
    /** All that this run paid; beside: for calls that are no items of it. */
    spent: { amount: Money; currency: string; beside: Money | null } | null;
    judges: { pairs: number; consistent: number | null; firstPositionRate: number | null; unreadable: number }[];
  };
}

export interface RunView {
  summary: Summary;
  verdict: VerdictRow | null;
}

/** One model's side of an item; what is false or unknown is left out by the server. */
export interface Mark {
  score?: number | null;
  answer?: string;
  reused?: boolean;
  formatFailure?: boolean;
  truncated?: boolean;
  refused?: boolean;
  simulated?: boolean;
  latencyMillis?: number;
  cost?: Money;
  currency?: string;
  promptTokens?: number;
  completionTokens?: number;
  error?: string;
  reason?: string;
  grades?: { grader: string; score?: number | null; pass: boolean; formatFailure: boolean; reason: string }[];
}

export interface ItemRow {
  item: string;
  stratum: string | null;
  kind: Kind;
  candidate: Mark | null;
  incumbent: Mark | null;
}

export interface ItemPage {
  total: number;
  offset: number;
  kinds: Partial<Record<Kind, number>>;
  items: ItemRow[];
}

export interface ItemView {
  row: ItemRow;
  words: {
    messages: { role: string; content: unknown }[] | null;
    expected: string | null;
    note: string | null;
    answers: (string | null)[];
  };
}

export const PAGE = 25;
const path = (id: string) => `/api/evals/${encodeURIComponent(id)}`;

export const list = (signal: AbortSignal) => get<{ runs: Summary[] }>(`/api/evals${query({ limit: 50 })}`, signal);
export const run = (id: string, signal: AbortSignal) => get<RunView>(path(id), signal);
export const items = (id: string, show: string, slice: string, offset: number, signal: AbortSignal) =>
  get<ItemPage>(`${path(id)}/items${query({ show: show === 'all' ? null : show, slice, offset: offset || null, limit: PAGE })}`, signal);
export const item = (id: string, name: string, signal: AbortSignal) =>
  get<ItemView>(`${path(id)}/item${query({ item: name })}`, signal);
