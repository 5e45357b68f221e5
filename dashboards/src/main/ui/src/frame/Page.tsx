import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { ago } from './format';
import { Link } from './router';

/** Where a page lies below another. */
export interface Crumb {
  to: string;
  name: string;
}

interface PageProps {
  title: string;
  /** One sentence on what the page answers. */
  lead?: ReactNode;
  above?: Crumb[];
  badges?: ReactNode;
  /** Filters and buttons beside the title. */
  actions?: ReactNode;
  /** Beneath the title, over the whole width. */
  strip?: ReactNode;
  foot?: ReactNode;
  /** When its data came; null while there is none. */
  at?: number | null;
  busy?: boolean;
  children: ReactNode;
}

/** A page: its heading, what can be chosen, its cards, and how old they are. */
export function Page({ title, lead, above = [], badges, actions, strip, foot, at = null, busy = false, children }: PageProps) {
  useEffect(() => {
    document.title = `Pareto – ${title}`;
  }, [title]);
  return (
    <div className="page" aria-busy={busy}>
      <header className="page-head">
        <div className="page-title">
          {above.length > 0 && (
            <nav className="crumbs" aria-label="Above this page">
              {above.map((crumb) => (
                <Fragment key={crumb.to}>
                  <Link to={crumb.to}>{crumb.name}</Link>
                  <span aria-hidden="true">/</span>
                </Fragment>
              ))}
            </nav>
          )}
          <h1>
            {title}
            {badges && <span className="page-badges">{badges}</span>}
          </h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {strip}
      <div className="cards">{children}</div>
      <footer className="foot">
        <span>{foot ?? 'Times are in your time zone.'}</span>
        {at !== null && at > 0 && <Updated at={at} />}
      </footer>
    </div>
  );
}

function Updated({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return <span>Updated {ago(new Date(at).toISOString(), Math.max(now, at))}</span>;
}
