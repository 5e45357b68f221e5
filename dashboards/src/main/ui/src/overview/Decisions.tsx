import { Fragment, useState } from 'react';
import type { AttemptState, DecisionRow } from './api';
import { DecisionPanel } from './DecisionPanel';
import { duration, exact, money, time, words } from '../frame/format';

const TONE: Record<AttemptState, string> = {
  OPEN: 'info',
  SETTLED: 'good',
  ABORTED: 'warn',
  FAILED: 'bad',
  EXPIRED: 'warn',
};

const LABEL: Record<AttemptState, string> = {
  OPEN: 'Under way',
  SETTLED: 'Answered',
  ABORTED: 'Left by caller',
  FAILED: 'Failed',
  EXPIRED: 'Expired',
};

const FIRST = 10;

/** The last requests; a row opens to the whole decision. */
export function Decisions({ rows, currency }: { rows: DecisionRow[]; currency: string }) {
  const [open, setOpen] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  return (
    <section className="card" aria-labelledby="decisions-title">
      <div className="card-head">
        <div>
          <h2 id="decisions-title">Last decisions</h2>
          <p className="summary">Where each request went, and why. Open a row to see every candidate.</p>
        </div>
      </div>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="decisions-title">
        <table className="decisions">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Route</th>
              <th scope="col">Model</th>
              <th scope="col">Reason</th>
              <th scope="col" className="num">
                Cost
              </th>
              <th scope="col" className="num">
                Saved
              </th>
              <th scope="col" className="num">
                Latency
              </th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {(all ? rows : rows.slice(0, FIRST)).map((row) => {
              const shown = open === row.requestId;
              const toggle = () => setOpen(shown ? null : row.requestId);
              return (
                <Fragment key={row.requestId}>
                  <tr className={`clickable ${shown ? 'shown' : ''}`} onClick={toggle}>
                    <th scope="row" data-label="Time">
                      <button
                        type="button"
                        className="disclose"
                        aria-expanded={shown}
                        aria-controls={`decision-${row.requestId}`}
                        title={`Request ${row.requestId}`}
                        onClick={(event) => {
                          event.stopPropagation();
                          toggle();
                        }}
                      >
                        <span className="chevron" aria-hidden="true" />
                        {time(row.at)}
                      </button>
                    </th>
                    <td data-label="Route">{row.route}</td>
                    <td data-label="Model">
                      <span className="model">{row.model}</span>
                      {row.simulated && <span className="badge simulated">simulated</span>}
                    </td>
                    <td data-label="Reason" className="reason">
                      {row.reason ?? <span className="quiet">passed through</span>}
                    </td>
                    <td
                      className={`num ${row.estimated ? 'estimated' : ''}`}
                      data-label="Cost"
                      title={row.cost === null ? undefined : `${exact(row.cost, currency)}${row.estimated ? ', estimated' : ''}`}
                    >
                      {row.cost === null ? (row.state === 'OPEN' ? '…' : 'unpriced') : money(row.cost, currency)}
                    </td>
                    <td
                      className={`num ${row.saved?.startsWith('-') ? 'bad' : ''}`}
                      data-label="Saved"
                      title={row.saved === null ? undefined : exact(row.saved, currency)}
                    >
                      {row.saved === null ? '–' : money(row.saved, currency)}
                    </td>
                    <td className="num" data-label="Latency">
                      {duration(row.latencyMillis)}
                    </td>
                    <td data-label="Outcome">
                      <span className={`badge ${TONE[row.state]}`} title={row.errorCode === null ? undefined : words(row.errorCode)}>
                        {LABEL[row.state]}
                      </span>
                      {row.attempts > 1 && <span className="badge">{row.attempts} attempts</span>}
                    </td>
                  </tr>
                  {shown && (
                    <tr className="detail" id={`decision-${row.requestId}`}>
                      <td colSpan={8}>
                        <DecisionPanel requestId={row.requestId} currency={currency} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
      {rows.length > FIRST && (
        <button type="button" className="more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${rows.length}`}
        </button>
      )}
    </section>
  );
}
