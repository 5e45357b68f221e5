import type { ReactNode } from 'react';
import { Page } from '../frame/Page';
import { Link } from '../frame/router';
import { Code } from './Code';

/** Grey shapes where the figures will be; nothing spins. */
export function Skeleton() {
  return (
    <div className="cards" aria-hidden="true">
      <div className="figures">
        {[1, 2, 3, 4].map((n) => (
          <div className="figure card" key={n}>
            <span className="bone bone-s" />
            <span className="bone bone-l" />
            <span className="bone bone-m" />
          </div>
        ))}
      </div>
      <div className="card">
        <span className="bone bone-m" />
        <span className="bone bone-chart" />
      </div>
    </div>
  );
}

export function Failure({ message, stale, retry }: { message: string; stale: boolean; retry: () => void }) {
  return (
    <div className="failure card" role="alert">
      <div>
        <b>{stale ? 'These figures are not the newest.' : 'The figures could not be read.'}</b>
        <p>{message} Is the gateway running? Its log says more.</p>
      </div>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Nothing is there yet: what would be, and the command that makes it so. */
export function Empty({ title, command, children }: { title: string; command?: string; children: ReactNode }) {
  return (
    <section className="empty card" aria-labelledby="empty-title">
      <h2 id="empty-title">{title}</h2>
      {children}
      {command && <Code text={command} />}
    </section>
  );
}

/** An address without a page, or a page without its thing. */
export function NotFound({ what, back, list }: { what: string; back: string; list: string }) {
  return (
    <Page title="Not found">
      <section className="empty card">
        <span className="status">404</span>
        <h2>{what}</h2>
        <p>It may have been removed, or the address is not quite right.</p>
        <Link to={back} className="button">
          {list}
        </Link>
      </section>
    </Page>
  );
}
