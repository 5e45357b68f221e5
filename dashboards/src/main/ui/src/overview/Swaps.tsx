import type { VerdictRow } from './api';
import { count, date, points, words } from '../frame/format';

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
              <b>{row.route}</b>
              <span className={`badge ${TONE[row.state] ?? ''}`}>{STATE[row.state] ?? words(row.state)}</span>
              {row.outcome && <span className={`badge ${TONE[row.outcome] ?? ''}`}>{words(row.outcome)}</span>}
              {row.simulated && <span className="badge simulated">simulated</span>}
              {row.expired && <span className="badge warn">expired</span>}
              <span className="verdict-pair">
                {row.incumbent} <span aria-label="replaced by">→</span> {row.candidate}
              </span>
            </div>
            <p>{row.sentence ?? row.reason ?? 'No verdict on this pair yet.'}</p>
            <div className="verdict-foot">
              {row.difference !== null && row.lower !== null && row.margin !== null && <Interval row={row} />}
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

/** The difference and its interval against the margin: left of the dashed line is not good enough. */
function Interval({ row }: { row: VerdictRow }) {
  const margin = row.margin ?? 0;
  const lower = row.lower ?? 0;
  const upper = row.upper ?? row.difference ?? 0;
  const reach = Math.max(margin * 1.6, Math.abs(lower), Math.abs(upper), 0.005) * 1.15;
  const x = (value: number) => 120 + (value / reach) * 112;
  return (
    <svg className="interval" viewBox="0 0 240 26" width="240" height="26" aria-hidden="true">
      <line className="axis" x1="8" x2="232" y1="13" y2="13" />
      <line className="zero" x1="120" x2="120" y1="6" y2="20" />
      <line className="margin" x1={x(-margin)} x2={x(-margin)} y1="1" y2="25" />
      <line className="span" x1={x(lower)} x2={x(upper)} y1="13" y2="13" />
      <circle className="point" cx={x(row.difference ?? 0)} cy="13" r="4.5" />
    </svg>
  );
}
