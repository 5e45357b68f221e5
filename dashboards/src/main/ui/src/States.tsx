import { useState } from 'react';

/** Grey shapes where the figures will be; nothing spins. */
export function Skeleton() {
  return (
    <div aria-hidden="true">
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
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

const CALL = `curl http://127.0.0.1:8080/v1/chat/completions \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "local/support-desk", "messages": [{"role": "user", "content": "Which queue? My parcel has not arrived."}]}'`;

/** The first thing a newcomer sees: one call that makes this page come alive. */
export function Empty() {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(CALL).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <section className="empty card" aria-labelledby="empty-title">
      <h2 id="empty-title">No request has come through yet</h2>
      <p>
        Point a client at the gateway, or send this. Within seconds its cost, what it saved and why it went where it went will
        stand here.
      </p>
      <div className="code">
        <pre tabIndex={0}>
          <code>{CALL}</code>
        </pre>
        <button type="button" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      <ul className="hints">
        <li>
          <b>No vendor key?</b> None is needed for that call: a small open model answers inside the gateway.
        </li>
        <li>
          <b>An OpenAI client?</b> Set its base URL to <code>http://127.0.0.1:8080/v1</code> and change nothing else.
        </li>
        <li>
          <b>Only looking?</b> <code>./pareto demo</code> fills this page with simulated traffic, marked as such.
        </li>
      </ul>
    </section>
  );
}
