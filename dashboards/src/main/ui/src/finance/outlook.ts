import type { Money } from '../frame/format';
import type { Frame } from './api';

/** Money that is not known yet, as the server writes it (`Estimate.java`). */
export interface Estimate {
  expected: Money;
  lower80: Money;
  upper80: Money;
  lower95: Money;
  upper95: Money;
}

export interface BackTest {
  folds: number;
  horizonDays: number;
  dayMape: number | null;
  naiveDayMape: number | null;
  sumMape: number | null;
  naiveSumMape: number | null;
  coverage: number;
}

export interface Course {
  name: string | null;
  others: boolean;
  monthToDate: Money;
  /** What of it was booked beside calls; in no day and not extrapolated. */
  adjustments: Money;
  month: Estimate | null;
  quarter: Estimate | null;
  why: string | null;
  test: BackTest | null;
  actual: Money[];
  ahead: Estimate[];
}

export interface Forecast {
  frame: Frame;
  today: string;
  monthEnd: string;
  quarterEnd: string;
  historyFrom: string;
  dimension: string;
  total: Course;
  parts: Course[];
}

export interface Modelled {
  baseline: Money;
  billed: Money;
  overhead: Money;
  net: Money;
  share: number | null;
  notCompared: Money;
}

export interface MeasuredRoute {
  heldUnits: number;
  heldRequests: number;
  comparedUnits: number;
  comparedRequests: number;
  heldCost: Money;
  comparedCost: Money;
  requests: number;
  saved: Money;
  lower: Money;
  upper: Money;
}

export interface RouteSaving {
  route: string;
  modelled: Modelled;
  measured: MeasuredRoute | null;
}

export interface MeasuredSaving {
  since: string;
  saved: Money;
  lower: Money;
  upper: Money;
  share: number | null;
  modelled: Money;
  delivered: number | null;
  unpriced: number;
  heldRequests: number;
  comparedRequests: number;
}

/** Where a part of the modelled saving comes from. */
export interface SavingPart {
  source: 'GATEWAY_CACHE' | 'OWN_MACHINES' | 'OTHER_MODELS';
  calls: number;
  saved: Money;
}

export interface Savings {
  frame: Frame;
  modelled: Modelled;
  parts: SavingPart[];
  routes: RouteSaving[];
  measured: MeasuredSaving | null;
  why: string | null;
}

export interface Cause {
  where: { dimension: string; value: string; share: number; excess: number } | null;
  what: string;
  factors: { factor: string; ratio: number | null; excess: number }[];
}

export interface Incident {
  from: string;
  to: string;
  dimension: string | null;
  value: string | null;
  actual: Money;
  expected: Money;
  upper: Money;
  excess: Money;
  score: number;
  cause: Cause;
  sentence: string;
  alsoIn: string[];
  state: AnomalyState;
  marks: Mark[];
}

/** Where an anomaly stands, and what people made of it (`AnomalyMark.java`). */
export type AnomalyState = 'OPEN' | 'ACKNOWLEDGED' | 'SNOOZED' | 'RESOLVED' | 'FALSE_ALARM';

export interface Mark {
  state: AnomalyState;
  until: string | null;
  at: string;
  by: string;
  why: string;
}

export interface Step {
  at: string;
  actual: Money;
  lower: Money | null;
  expected: Money | null;
  upper: Money | null;
}

export interface Series {
  frame: Frame;
  hoursPerStep: number;
  steps: Step[];
}

export interface Anomalies {
  frame: Frame;
  scopes: number;
  unwatched: number;
  smaller: number;
  judgedFrom: string | null;
  tolerance: number;
  leastExcess: Money;
  excess: Money;
  open: number;
  incidents: Incident[];
}

/** The day so many days after another, as text: days here are dates, not moments. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
