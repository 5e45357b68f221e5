import { get, post, query } from '../frame/http';
import type { VerdictRow } from '../verdicts/api';

export type State = 'CLOSED' | 'OFFLINE' | 'SHADOW' | 'RAMP' | 'OPEN' | 'ROLLED_BACK' | 'STALE';

export interface Hold {
  kind: 'FREEZE' | 'OVERRIDE';
  share: number;
  by: string;
  reason: string;
  since: string;
  until: string;
}

export interface Tally {
  requests: number;
  units: number;
  failed: number;
  formed: number;
  malformed: number;
  truncated: number;
  timed: number;
  slow: number;
}

export interface GuardView {
  guard: string;
  atMost: number;
  limit: string | null;
  seen: number;
  bad: number;
  logStatistic: number | null;
  logThreshold: number;
  /** Ratings of the incumbent's own live answers, and what those lacked in sum. */
  incumbentSeen: number;
  incumbentBad: number;
}

/** Whether requests are still those of the evidence; `distances` is empty while fewer than `least` were seen. */
export interface Inputs {
  seen: number;
  least: number;
  bound: number;
  known: boolean;
  distances: Record<string, number>;
}

export interface Judge {
  model: string;
  kind: string;
  sample: number;
  perDay: string | null;
  problems: string[];
  silence: string | null;
}

export interface Swap {
  route: string;
  candidate: string;
  segment: string;
  state: State;
  share: number;
  step: number;
  since: string;
  verdictId: string | null;
  reason: string;
  strikes: number;
  notBefore: string | null;
  hold: Hold | null;
  ramp: number[];
  holdback: number;
  shadow: number;
  approval: string;
  dwellSeconds: number;
  requestsNeeded: number;
  margin: number;
  exitMargin: number;
  closedSegments: string[];
  candidateSeen: Tally;
  incumbentSeen: Tally;
  guards: GuardView[];
  pairs: { pairs: number; difference: number; logNonInferior: number; logDrift: number | null; logThreshold: number } | null;
  logSampleRatio: number;
  logSampleRatioAlarm: number;
  inputs: Inputs | null;
  judge: Judge | null;
}

export interface Step {
  name: string;
  share: number | null;
  place: 'BEHIND' | 'HERE' | 'AHEAD';
  elapsedSeconds: number | null;
  seconds: number | null;
  seen: number | null;
  needed: number | null;
}

export type ActionName = 'approve' | 'skip-waiting' | 'freeze' | 'override' | 'roll-back' | 'release';

export interface Action {
  action: ActionName;
  does: string;
  refused: string | null;
}

export interface Move {
  at: string;
  from: State;
  to: State;
  share: number;
  by: string;
  reason: string;
  verdictId: string | null;
  guard: string | null;
}

export interface Point {
  at: string;
  state: State;
  share: number;
  seen: number;
  guards: Record<string, number>;
  /** Answers of both models held against each other so far. */
  pairs: { count: number; difference: number } | null;
  /** By feature the population stability index of that moment. */
  inputs: Record<string, number>;
}

/** What a caller said of one answer. */
export interface Feedback {
  at: string;
  requestId: string;
  name: string;
  value: number;
  model: string;
  answeredAt: string;
  comment: string | null;
  parts: { arm: 'CANDIDATE' | 'INCUMBENT'; state: State }[];
}

export interface Story {
  swap: Swap;
  incumbent: string;
  now: string;
  /** How many of the swap's seconds pass in one of the world's; more than 1 in a demonstration. */
  speed: number;
  verdict: VerdictRow | null;
  steps: Step[];
  actions: Action[];
  moves: Move[];
  trace: Point[];
  feedback: Feedback[];
}

export interface Which {
  route: string;
  candidate: string;
  segment: string;
}

export const list = (signal: AbortSignal) => get<{ speed: number; swaps: Swap[] }>('/api/swaps', signal);
export const story = (which: Which, signal: AbortSignal) => get<Story>(`/api/swaps/story${query({ ...which })}`, signal);
export const act = (which: Which, action: ActionName, more: Record<string, string>) =>
  post<Swap>('/api/swaps/actions', { ...which, action, ...more });

/** The address of a swap's page. */
export const address = (which: Which) =>
  `/swaps/${encodeURIComponent(which.route)}${query({ candidate: which.candidate, segment: which.segment })}`;
