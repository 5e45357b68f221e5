import type { VerdictRow } from './api';
import { count, date, points, words } from '../frame/format';
import { Link } from '../frame/router';
import { Interval } from '../parts/Interval';

const TONE: Record<string, string> = {
  OPEN: 'good',
  SUPERIOR: 'good',
  NON_INFERIOR: 'good',
  INFERIOR: 'bad',
  ROLLED_BACK: 'bad',
  STALE: 'warn',
  INVALID: 'warn',
};

/** The swap's own names speak of a gate; these say what it means for the traffic. */
const STATE: Record<string, string> = {
  CLOSED: 'Not swapped',
  OPEN: 'Swapped',
};

/** Where each swap from a closed to an open model stands, and the sentence that it rests on. */
export function Swaps({ rows, error, now }: { rows: VerdictRow[]; error: string | null; now: number }) {
  return (
    <section className="card" aria-labelledby="verdicts-title">
      <div className="card-head">
        <div>
          <h2 id="verdicts-title">Swaps and verdicts</h2>
          <p className="summary">Whether an open model is good enough to take a closed model’s place, route by route.</p>
        </div>
      </div>
      {error && rows.length === 0 && <p className="quiet">The verdicts could not be read: {error}</p>}
      {!error && rows.length === 0 && (
        <p className="quiet">
          No verdict yet. Compare an open model with the one you use: <code>./pareto eval compare</code>
        </p>
      )}
      <ul className="verdicts">
        {rows.map((row) => (
          <li key={`${row.route} ${row.candidate} ${row.incumbent}`} className={`verdict ${TONE[row.state] ?? ''}`}>
            <div className="verdict-head">
              <Link to={`/swaps/${encodeURIComponent(row.route)}?candidate=${encodeURIComponent(row.candidate)}`} className="row-link">
                {row.route}
              </Link>
              <span className={`badge ${TONE[row.state] ?? ''}`}>{STATE[row.state] ?? words(row.state)}</span>
              {row.outcome && <span className={`badge ${TONE[row.outcome] ?? ''}`}>{words(row.outcome)}</span>}
              {row.simulated && <span className="badge simulated">simulated</span>}
              {row.expired && <span className="badge warn">expired</span>}
              <span className="verdict-pair">
                {row.incumbent} <span aria-label="replaced by">→</span> {row.candidate}
              </span>
            </div>
            <p>
              {row.sentence ?? row.reason ?? 'No verdict on this pair yet.'}{' '}
              {row.verdictId && <Link to={`/verdicts/${encodeURIComponent(row.verdictId)}`}>The whole verdict</Link>}
            </p>
            <div className="verdict-foot">
              {row.difference !== null && <Interval difference={row.difference} lower={row.lower} upper={row.upper} margin={row.margin} />}
              <span className="facts">
                {row.difference !== null && (
                  <span>
                    {points(row.difference)} pp
                    {row.lower !== null && row.upper !== null && ` (${points(row.lower)} to ${points(row.upper)})`}
                  </span>
                )}
                {row.margin !== null && <span>margin {(row.margin * 100).toFixed(1)} pp</span>}
                {row.items !== null && <span>{count(row.items)} items</span>}
                {row.createdAt && <span>from {date(row.createdAt)}</span>}
                {row.expiresAt && (
                  <span>
                    {Date.parse(row.expiresAt) > now ? 'valid until' : 'expired'} {date(row.expiresAt)}
                  </span>
                )}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
