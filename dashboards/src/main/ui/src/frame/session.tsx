import { type FormEvent, type ReactNode, createContext, useContext, useEffect, useState } from 'react';
import { SIGNED_OUT, get, post } from './http';

/** Who is there (`AccessApi.java`); without keys in force everybody may do everything, under a name that they give. */
export interface Session {
  keys: boolean;
  name: string | null;
  role: string | null;
  rights: string[];
}

const OPEN: Session = { keys: false, name: null, role: null, rights: [] };
const Who = createContext<Session>(OPEN);

/** Whoever looks at these pages. */
export const useSession = () => useContext(Who);

/** Shows the pages to whom the admin port lets in, and a door to everybody else. */
export function SignedIn({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const look = () =>
      get<Session>('/api/session', abort.signal).then(setSession, () => abort.signal.aborted || setSession(OPEN));
    void look();
    addEventListener(SIGNED_OUT, look);
    return () => {
      abort.abort();
      removeEventListener(SIGNED_OUT, look);
    };
  }, []);
  if (session === null) {
    return <div aria-busy="true" />;
  }
  return session.keys && session.name === null ? <Door enter={setSession} /> : <Who value={session}>{children}</Who>;
}

function Door({ enter }: { enter: (session: Session) => void }) {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Pareto – Sign in';
  }, []);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    post<Session>('/api/session', { key: String(new FormData(event.currentTarget).get('key') ?? '').trim() }).then(
      enter,
      (failure: unknown) => {
        setBusy(false);
        setError(failure instanceof Error ? failure.message : String(failure));
      },
    );
  };
  return (
    <main className="door" id="main">
      <form className="card" onSubmit={send}>
        <h1>Sign in</h1>
        <p className="summary">
          This admin port asks for a key. An administrator makes one on the page <i>Admin</i> or with <code>./pareto access create</code>.
        </p>
        <label>
          Key
          <input name="key" type="password" required autoComplete="off" autoFocus maxLength={200} placeholder="ak-pareto-…" />
        </label>
        {error && (
          <p className="form-error" role="alert">
            {error}
          </p>
        )}
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? 'Looking…' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}

/** Signs this browser in. */
export async function enter(key: string): Promise<void> {
  await post<Session>('/api/session', { key });
  dispatchEvent(new Event(SIGNED_OUT));
}

/** Under the navigation: who that is, and the way out. */
export function Whoami() {
  const session = useSession();
  if (session.name === null) {
    return null;
  }
  const out = () => void post<Session>('/api/session', {}).finally(() => dispatchEvent(new Event(SIGNED_OUT)));
  return (
    <p className="whoami">
      <span>
        <b>{session.name}</b> {session.role}
      </span>
      <button type="button" className="button small" onClick={out}>
        Sign out
      </button>
    </p>
  );
}
