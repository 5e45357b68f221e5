import { useCallback, useEffect, useState } from 'react';
import { Refusal } from './http';

const REFRESH_MILLIS = 15_000;

export interface Loaded<T> {
  data: T | null;
  error: string | null;
  /** There is no such thing: the server said 404. */
  missing: boolean;
  /** When the data came, by this machine's clock. */
  at: number;
  reload: () => void;
}

/**
 * Loads, loads again every so often while the page is in view, and keeps the old answer while a new one is on its way.
 *
 * @param key names everything that the loader depends on; give a page about another thing another React key
 * @param refresh milliseconds between loads; false for once
 */
export function useLoad<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  refresh: number | false = REFRESH_MILLIS,
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'> & { key: string }>({
    key,
    data: null,
    error: null,
    missing: false,
    at: 0,
  });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (data) => setState({ key, data, error: null, missing: false, at: Date.now() }),
      (failure: unknown) => {
        if (!abort.signal.aborted) {
          const error = failure instanceof Error ? failure.message : String(failure);
          const missing = failure instanceof Refusal && failure.status === 404;
          setState((old) => ({ key, data: old.key === key && !missing ? old.data : null, error, missing, at: old.at }));
        }
      },
    );
    return () => abort.abort();
    // The key names everything that the loader depends on.
  }, [key, round]);

  useEffect(() => {
    if (refresh === false) {
      return undefined;
    }
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), refresh);
    return () => clearInterval(timer);
  }, [refresh, reload]);

  return { data: state.data, error: state.error, missing: state.missing, at: state.at, reload };
}
