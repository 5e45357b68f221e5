import { type FormEvent, useState } from 'react';
import { ActButton, RightNote } from '../frame/rights';
import { useSession } from '../frame/session';
import { Card } from '../parts/Card';
import * as api from './api';
import type { Action, ActionName, Story } from './api';

const LABEL: Record<ActionName, string> = {
  approve: 'Approve the step that is due',
  'skip-waiting': 'Skip the waiting',
  freeze: 'Freeze',
  override: 'Override the share',
  'roll-back': 'Roll back',
  release: 'Release',
};

/** What people may do, each said in a sentence; nothing happens without a name, and mostly not without a reason. */
export function Actions({ story, done }: { story: Story; done: () => void }) {
  const [open, setOpen] = useState<ActionName | null>(null);
  return (
    <Card title="What you can do" summary="Every act is written down with your name and reason.">
      <RightNote right="STEER" />
      <ul className="actions">
        {story.actions.map((action) => (
          <li key={action.action}>
            <div className="action-row">
              <ActButton right="STEER"
                className={`button ${action.action === 'roll-back' ? 'danger' : ''}`}
                disabled={action.refused !== null}
                aria-expanded={open === action.action}
                aria-describedby={`does-${action.action}`}
                onClick={() => setOpen(open === action.action ? null : action.action)}
              >
                {LABEL[action.action]}
              </ActButton>
              <p id={`does-${action.action}`}>
                {action.does}
                {action.refused && <span className="refused">Not now: {action.refused}.</span>}
              </p>
            </div>
            {open === action.action && action.refused === null && (
              <Form
                action={action}
                story={story}
                close={() => setOpen(null)}
                done={() => {
                  setOpen(null);
                  done();
                }}
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface FormProps {
  action: Action;
  story: Story;
  close: () => void;
  done: () => void;
}

function Form({ action, story, close, done }: FormProps) {
  const { name } = useSession();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const timed = action.action === 'freeze' || action.action === 'override';
  const reasoned = timed || action.action === 'roll-back' || action.action === 'skip-waiting';
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const more: Record<string, string> = {};
    for (const [field, value] of new FormData(event.currentTarget)) {
      if (typeof value === 'string' && value.trim()) {
        more[field] = field === 'share' ? `${value.trim()} %` : value.trim();
      }
    }
    setBusy(true);
    setError(null);
    api.act({ route: story.swap.route, candidate: story.swap.candidate, segment: story.swap.segment }, action.action, more).then(
      done,
      (failure: unknown) => {
        setBusy(false);
        setError(failure instanceof Error ? failure.message : String(failure));
      },
    );
  };
  return (
    <form className="action-form" onSubmit={send}>
      {name === null && (
        <label>
          Your name
          <input name="by" required maxLength={80} autoComplete="name" autoFocus />
        </label>
      )}
      <label className="grow">
        Reason
        <input name="reason" required={reasoned} maxLength={300} />
      </label>
      {timed && (
        <label>
          For
          <select name="for" defaultValue="24 h">
            {['1 h', '8 h', '24 h', '3 d', '7 d', '30 d'].map((time) => (
              <option key={time}>{time}</option>
            ))}
          </select>
        </label>
      )}
      {action.action === 'override' && (
        <label>
          Share, %
          <input name="share" type="number" min="0" max="100" step="0.1" required className="num" />
        </label>
      )}
      <div className="action-buttons">
        <button type="submit" className={`button ${action.action === 'roll-back' ? 'danger' : 'primary'}`} disabled={busy}>
          {busy ? 'Sending…' : LABEL[action.action]}
        </button>
        <button type="button" className="button" onClick={close}>
          Leave it
        </button>
      </div>
      {error && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}
