import type { Money } from '../../frame/format';
import type { Frame } from '../api';
import type { Version } from '../books/api';

/** What models cost and earn, as the server writes it (`ModelPrices.java`, `Caches.java`, `Capacity.java`). */

export interface Use {
  calls: number;
  answered: number;
  unpriced: number;
  success: number | null;
  inputTokens: number;
  outputTokens: number;
  cachedShare: number | null;
  spend: Money;
  list: Money | null;
  unlisted: Money;
  discount: number | null;
  perMillion: Money | null;
  perMillionIn: Money | null;
  perMillionOut: Money | null;
}

export interface ModelRow {
  model: string;
  vendor: string;
  sku: string;
  configured: boolean;
  open: boolean | null;
  price: Version | null;
  list: Version | null;
  use: Use;
  callShare: number | null;
  spendShare: number | null;
  p50Millis: number | null;
  p95Millis: number | null;
  findings: { severity: 'error' | 'warning' | 'note'; message: string }[];
}

export interface BoughtLine {
  bucket: string;
  quantity: number;
  unitPrice: Money | null;
  per: string | null;
  priceVersion: string;
  cost: Money | null;
  list: Money | null;
  perMillion: Money | null;
}

export interface WhatIf {
  model: string;
  sku: string;
  version: string;
  from: string;
  source: string;
  lines: { bucket: string; as: string; quantity: number; paid: Money; unitPrice: Money | null; per: string | null; would: Money | null }[];
  paid: Money;
  would: Money | null;
  difference: Money | null;
  change: number | null;
  leftOut: Money;
}

export interface Opened {
  model: string;
  sku: string;
  history: Version[];
  bought: BoughtLine[];
  steps: string[];
  series: { spend: Money; tokens: number; perMillion: Money | null; perMillionIn: Money | null; perMillionOut: Money | null }[];
  whatIf: WhatIf | null;
}

export interface Models {
  frame: Frame;
  total: Use;
  rows: ModelRow[];
  comparable: string[];
  opened: Opened | null;
}

export interface Worth {
  fresh: number;
  read: number;
  written: number;
  hitRatio: number | null;
  saved: Money;
  extra: Money;
  net: Money;
  unknown: number;
  readsPerWrite: number | null;
  breakEven: number | null;
}

export interface Engine {
  model: string;
  state: string;
  load: {
    running: number;
    waiting: number;
    free: number;
    refused: number;
    promptTokens: number;
    cachedTokens: number;
    completionTokens: number;
    queueMillis: number;
    tokensPerSecond: number | null;
    batchMean: number | null;
    firstTokenMillis: number | null;
  } | null;
}

export interface Offender {
  route: string;
  model: string;
  calls: number;
  promptPerCall: number;
  hitRatio: number | null;
  fresh: number;
  freshCost: Money;
  freshPrice: Money;
  readPrice: Money;
  tenth: Money;
}

export interface RouteAnswers {
  route: string;
  hits: number;
  requests: number;
  share: number | null;
  avoided: Money;
}

export interface CacheData {
  frame: Frame;
  by: string;
  total: Worth;
  steps: string[];
  series: { fresh: number; read: number; written: number; hitRatio: number | null; net: Money }[];
  rows: { value: string; worth: Worth }[];
  answers: { hits: number; requests: number; share: number | null; avoided: Money; routes: RouteAnswers[] };
  engines: Engine[];
  offenders: Offender[];
}

export interface MachineUse {
  usedSeconds: number;
  idleSeconds: number;
  utilisation: number | null;
  charged: Money;
  idle: Money;
  whole: Money;
  inputTokens: number;
  outputTokens: number;
  perMillion: Money | null;
  atFullUse: Money | null;
  bought: Money | null;
  boughtPerMillion: Money | null;
  breakEven: number | null;
  gain: Money | null;
}

export interface Machine {
  vendor: string;
  embedded: boolean;
  perHour: Money | null;
  calls: number;
  use: MachineUse;
  tokensPerSecond: number | null;
  models: string[];
}

export interface Cell {
  day: number;
  hour: number;
  usedSeconds: number;
  utilisation: number | null;
}

export interface Limit {
  model: string;
  vendor: string;
  calls: number;
  failed: number;
  busy: number;
  busyShare: number | null;
  busyHours: number;
  retries: number;
  busiestCalls: number;
  busiestTokens: number;
  atOnce: number | null;
}

export interface CapacityData {
  frame: Frame;
  against: string | null;
  comparable: string[];
  total: MachineUse;
  machines: Machine[];
  steps: string[];
  series: { charged: Money; idle: Money; utilisation: number | null }[];
  week: Cell[];
  engines: Engine[];
  limits: Limit[];
}
