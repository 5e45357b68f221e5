import { useCallback, useEffect, useState } from 'react';

const REFRESH_MILLIS = 15_000;

export interface Loaded<T> {
  data: T | null;
  error: string | null;
  /** When the data came, by this machine's clock. */
  at: number;
  reload: () => void;
}

/** Loads, loads again every 15 seconds while the page is in view, and keeps the old answer while a new one is on its way. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>, refresh = true): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: string | null; at: number }>({
    key,
    data: null,
    error: null,
    at: 0,
  });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (data) => setState({ key, data, error: null, at: Date.now() }),
      (failure: unknown) => {
        if (!abort.signal.aborted) {
          const error = failure instanceof Error ? failure.message : String(failure);
          setState((old) => ({ key, data: old.key === key ? old.data : null, error, at: old.at }));
        }
      },
    );
    return () => abort.abort();
    // The key names everything that the loader depends on.
  }, [key, round]);

  useEffect(() => {
    if (!refresh) {
      return undefined;
    }
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), REFRESH_MILLIS);
    return () => clearInterval(timer);
  }, [refresh, reload]);

  return { data: state.data, error: state.error, at: state.at, reload };
}
