import { type FormEvent, type ReactNode, useState } from 'react';
import { useSession } from '../../frame/session';

interface ActionFormProps {
  /** What the button says. */
  label: string;
  danger?: boolean;
  /** A reason must be given, too. */
  reasoned?: boolean;
  /** More to fill in. */
  children?: ReactNode;
  act: (given: Record<string, string>) => Promise<unknown>;
  close: () => void;
  done: () => void;
}

/** Nothing happens to the books without a name, and mostly not without a reason. */
export function ActionForm({ label, danger = false, reasoned = true, children, act, close, done }: ActionFormProps) {
  // The server writes down whose key it was; only without keys people name themselves.
  const { name } = useSession();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === 'string') {
        given[name] = value.trim();
      }
    }
    setBusy(true);
    setError(null);
    act(given).then(done, (failure: unknown) => {
      setBusy(false);
      setError(failure instanceof Error ? failure.message : String(failure));
    });
  };
  return (
    <form className="action-form" onSubmit={send}>
      {name === null && (
        <label>
          Your name
          <input name="by" required maxLength={80} autoComplete="name" autoFocus />
        </label>
      )}
      {reasoned && (
        <label className="grow">
          Reason
          <input name="reason" required maxLength={300} />
        </label>
      )}
      {children}
      <div className="action-buttons">
        <button type="submit" className={`button ${danger ? 'danger' : 'primary'}`} disabled={busy}>
          {busy ? 'Sending…' : label}
        </button>
        <button type="button" className="button" onClick={close}>
          Leave it
        </button>
      </div>
      {error && (
        <p className="form-error pre" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}
