import { duration, money } from '../frame/format';
import { get } from '../frame/http';

export interface Arm {
  name: string;
  model: string | null;
  policy: string | null;
  system: string | null;
  weight: number;
}

export interface ArmCount {
  arm: string;
  units: number;
  requests: number;
  delivered: number;
  values: Record<string, number>;
  measured: Record<string, number>;
}

export type Verdict = 'BETTER' | 'WORSE' | 'NO_DIFFERENCE' | 'UNDECIDED';

export interface Difference {
  metric: string;
  arm: string;
  primary: boolean;
  higherIsBetter: boolean;
  control: number | null;
  treated: number | null;
  difference: number | null;
  lower: number | null;
  upper: number | null;
  confidence: number;
  p: number;
  varianceGone: number;
  verdict: Verdict;
}

export interface Guard {
  metric: string;
  arm: string;
  tolerance: number;
  relative: boolean;
  worseAtLeast: number | null;
  logEvidence: number | null;
  alarmAt: number | null;
  alarm: boolean;
}

export interface Findings {
  requests: number;
  units: number;
  arms: ArmCount[];
  split: { logBayesFactor: number; alarmAt: number; mismatch: boolean };
  differences: Difference[];
  guards: Guard[];
}

export interface Look {
  at: string;
  findings: Findings;
}

export interface Experiment {
  name: string;
  hypothesis: string;
  route: string;
  segment: string | null;
  traffic: number;
  state: 'DRAFT' | 'RUNNING' | 'STOPPED' | 'CONCLUDED';
  run: number;
  since: string;
  startedAt: string | null;
  by: string;
  reason: string;
  winner: string | null;
  arms: Arm[];
  unit: string;
  unitMissing: string;
  primary: string;
  higherIsBetter: boolean;
  effect: number;
  effectRelative: boolean;
  guards: { metric: string; tolerance: number; relative: boolean }[];
  horizonSeconds: number;
  most: number;
  least: number;
  alpha: number;
  guardAlpha: number;
  early: boolean;
  beforeSeconds: number;
  changed: boolean;
  problems: string[];
  look: Look | null;
}

export interface Move {
  at: string;
  run: number;
  from: string;
  to: string;
  by: string;
  reason: string;
}

export interface Opened {
  experiment: Experiment;
  moves: Move[];
  looks: Look[];
}

export const experiments = (signal: AbortSignal) => get<{ experiments: Experiment[] }>('/api/experiments', signal);

export const experiment = (name: string, signal: AbortSignal) =>
  get<Opened>(`/api/experiments/${encodeURIComponent(name)}`, signal);

const RATES = ['errors', 'format', 'truncated', 'retries'];

const isTime = (metric: string) => /^(latency|first-token)/.test(metric);

/** A metric's figure in its own unit. */
export function figure(metric: string, value: number | null | undefined): string {
  if (value === null || value === undefined) {
    return '–';
  }
  if (metric === 'cost') {
    return money(value.toFixed(12), 'USD');
  }
  if (isTime(metric)) {
    return duration(value);
  }
  return RATES.includes(metric) ? `${minus((100 * value).toFixed(2))}%` : minus(Number(value.toPrecision(4)).toString());
}

/** A difference of two figures, with its sign. */
export function change(metric: string, value: number | null | undefined): string {
  if (value === null || value === undefined) {
    return '–';
  }
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  const size = Math.abs(value);
  return sign + (RATES.includes(metric) ? `${(100 * size).toFixed(2)} pp` : figure(metric, size));
}

/** What is tolerated or matters. */
export const tolerance = (metric: string, amount: number, relative: boolean) =>
  relative ? `${Number((100 * amount).toPrecision(4))} %` : change(metric, amount).replace('+', '');

const minus = (text: string) => text.replace('-', '−');
