import { get, post } from '../frame/http';

/** One key as it is told (`AccessApi.java`): never the key itself. */
export interface Key {
  id: string;
  name: string;
  role: string;
  prefix: string;
  createdBy: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  good: boolean;
}

export interface Keys {
  keys: Key[];
  roles: { role: string; may: string[] }[];
  made: string | null;
}

export interface Act {
  seq: number;
  at: string;
  who: string;
  role: string;
  act: string;
  detail: string;
  status: number;
}

export interface Acts {
  acts: Act[];
  next: number | null;
}

export interface System {
  version: string;
  java: string;
  since: string;
  file: string | null;
  store: {
    kind: string;
    place: string;
    bytes: number;
    schema: string;
    oldestCall: string | null;
    closedMonths: number;
    droppedMonths: string[];
  };
  retention: { what: string; howLong: string; setting: string }[];
}

export const keys = (signal: AbortSignal) => get<Keys>('/api/access/keys', signal);
export const acts = (signal: AbortSignal) => get<Acts>('/api/access/acts?limit=50', signal);
export const actsBefore = (seq: number) => get<Acts>(`/api/access/acts?limit=50&before=${seq}`, new AbortController().signal);
export const system = (signal: AbortSignal) => get<System>('/api/system', signal);
export const config = (signal: AbortSignal) => get<unknown>('/api/config', signal);
export const change = (action: string, parts: Record<string, unknown>) => post<Keys>('/api/access/actions', { action, ...parts });
