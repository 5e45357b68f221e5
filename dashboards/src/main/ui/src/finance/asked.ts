import { go, usePlace } from '../frame/router';

/** What a page of money is asked lives in the URL alone, in the names that the server reads (`QuestionReader.java`). */

export const COLUMNS = ['tenant', 'route', 'model', 'vendor', 'role'] as const;

export const PERIODS = [
  { id: 'today', name: 'Today' },
  { id: '7d', name: 'Last 7 days' },
  { id: '30d', name: 'Last 30 days' },
  { id: '90d', name: 'Last 90 days' },
  { id: 'this-month', name: 'This month' },
  { id: 'last-month', name: 'Last month' },
  { id: 'this-quarter', name: 'This quarter' },
  { id: 'last-quarter', name: 'Last quarter' },
  { id: 'this-year', name: 'This year' },
  { id: 'custom', name: 'From … to …' },
] as const;

const SINGLE = ['period', 'from', 'to', 'compare', 'zone', 'simulated', 'group'] as const;

export type Changes = Record<string, string | string[] | null>;

const isFilter = (name: string) => name.startsWith('tag.') || (COLUMNS as readonly string[]).includes(name);

/** The question of the page in view. */
export interface Asked {
  period: string;
  from: string;
  to: string;
  compare: string;
  zone: string;
  simulated: string;
  group: string[];
  filters: { dimension: string; values: string[] }[];
  /** The question alone, as a query without its `?`; nothing of what only a page knows. */
  search: string;
  /** The address of another page (or this one) with the same question, changed. */
  link: (path: string, changes?: Changes) => string;
  /** Changes the question in place. */
  change: (changes: Changes) => void;
}

export function useAsked(): Asked {
  const { path, query } = usePlace();
  const asked = new URLSearchParams();
  for (const [name, value] of query) {
    if ((SINGLE as readonly string[]).includes(name) || isFilter(name)) {
      asked.append(name, value);
    }
  }
  const dates = query.has('from') || query.has('to');
  const names = [...new Set([...asked.keys()].filter(isFilter))];
  return {
    period: query.get('period') ?? (dates ? 'custom' : 'this-month'),
    from: query.get('from') ?? '',
    to: query.get('to') ?? '',
    compare: query.get('compare') ?? 'previous',
    zone: query.get('zone') ?? 'UTC',
    simulated: query.get('simulated') ?? 'with',
    group: (query.get('group') ?? '').split(',').filter((name) => name !== ''),
    filters: names.map((dimension) => ({ dimension, values: asked.getAll(dimension) })),
    search: asked.toString(),
    link: (other, changes = {}) => address(other, asked, changes),
    change: (changes) => go(address(path, query, changes)),
  };
}

function address(path: string, query: URLSearchParams, changes: Changes): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const one of Array.isArray(value) ? value : value === null ? [] : [value]) {
      next.append(name, one);
    }
  }
  const text = next.toString();
  return text ? `${path}?${text}` : path;
}

/** How a dimension is called. */
export function dimensionName(id: string): string {
  return id.startsWith('tag.') ? `Tag ${id.slice(4)}` : id.charAt(0).toUpperCase() + id.slice(1);
}

/** Among the values of a dimension: what belongs to nobody has the empty name. */
export function valueName(dimension: string, value: string): string {
  if (value !== '') {
    return dimension === 'role' ? value.toLowerCase().replaceAll('_', ' ') : value;
  }
  return dimension === 'tenant' ? 'The platform itself' : `No ${dimension.startsWith('tag.') ? dimension.slice(4) : dimension}`;
}
