import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

/** Told to whoever listens when this page moves itself; the browser's own moves are `popstate`. */
const MOVED = 'pareto:moved';

function subscribe(changed: () => void) {
  addEventListener('popstate', changed);
  addEventListener(MOVED, changed);
  return () => {
    removeEventListener('popstate', changed);
    removeEventListener(MOVED, changed);
  };
}

/** Path and query, as the address bar has them. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

export function usePlace(): Place {
  const href = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [path = '/', query] = href.split('?');
  return { path, query: new URLSearchParams(query) };
}

/** Moves to another address; `replace` when the reader would not want to come back to this one. */
export function go(to: string, how: 'push' | 'replace' = 'push') {
  if (how === 'push') {
    history.pushState(null, '', to);
  } else {
    history.replaceState(null, '', to);
  }
  dispatchEvent(new Event(MOVED));
  const part = to.split('#')[1];
  if (part) {
    document.getElementById(part)?.scrollIntoView();
  }
}

/** Changes parts of the query in one move; null takes a part away. */
export function setQuery(changes: Record<string, string | null>) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) {
      url.searchParams.delete(name);
    } else {
      url.searchParams.set(name, value);
    }
  }
  go(url.pathname + url.search + url.hash);
}

/** Part of the page's state that lives in the URL, so that a link shows its reader the same; the usual value leaves it clean. */
export function useQuery(name: string, usual: string): [string, (value: string) => void] {
  const { query } = usePlace();
  return [query.get(name) ?? usual, (value) => setQuery({ [name]: value === usual ? null : value })];
}

/** As `useQuery`, but only one of `values`; what somebody typed besides is the usual. */
export function useChoice<T extends string>(name: string, values: readonly T[], usual: T): [T, (value: T) => void] {
  const [value, choose] = useQuery(name, usual);
  return [values.find((one) => one === value) ?? usual, choose];
}

/** The parts of a path that fill a pattern such as `/evals/:id`; null when it does not match. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== given.length) {
    return null;
  }
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const actual = given[i] ?? '';
    if (part.startsWith(':')) {
      try {
        found[part.slice(1)] = decodeURIComponent(actual);
      } catch {
        return null;
      }
    } else if (part !== actual) {
      return null;
    }
  }
  return found;
}

/** An address of these pages; a plain click does not load the page anew. */
export function Link({ to, onClick, ...rest }: { to: string } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (!event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      go(to);
    }
  };
  return <a href={to} onClick={follow} {...rest} />;
}
