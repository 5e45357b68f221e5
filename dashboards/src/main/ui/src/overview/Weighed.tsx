import { duration, exact, money, percent, points, words } from '../frame/format';
import { Simulated } from '../parts/Badge';
import { Strip } from '../routing/Strip';
import type { Candidate, Decision } from './api';

interface WeighedProps {
  decision: Decision;
  rows: Candidate[];
  currency: string;
}

/** Every candidate in the order in which it would have served: three figures on common scales, the limits, and why it won or lost. */
export function Weighed({ decision, rows, currency }: WeighedProps) {
  const ranked = [...rows].sort((one, other) => (one.place || 1_000) - (other.place || 1_000));
  const limits = decision.limits;
  const least = limits?.accuracy.find((floor) => floor.at_least !== undefined)?.at_least ?? null;
  const cost = limit(limits?.cost_at_most);
  const total = limits?.total_p95_ms ?? null;
  const costs = Math.max(...ranked.map((row) => Number(row.predicted_cost ?? 0)), 0) * 1.08;
  const times = Math.max(...ranked.map((row) => row.total_p95_ms ?? 0), 0) * 1.08;
  const lows = ranked.flatMap((row) => (row.accuracy ? [row.accuracy.low] : []));
  const floor = Math.max(0, Math.min(...lows, least ?? 1) - 0.05);
  return (
    <>
      <h3>Candidates</h3>
      <div className="scroll" tabIndex={0} role="region" aria-label="Candidates of the decision">
        <table className="stack inner weighed">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Predicted cost{cost !== null && <em> at most {money(String(limits?.cost_at_most), currency)}</em>}</th>
              <th scope="col">Latency p95{total !== null && <em> at most {duration(total)}</em>}</th>
              <th scope="col">Accuracy{least !== null && <em> at least {percent(least, 0)}</em>}</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {ranked.map((row) => (
              <tr key={row.model} className={row.place === 1 ? 'chosen' : row.place === 0 ? 'lost' : ''}>
                <th scope="row" data-label="Model" className="wide">
                  <span className="cell">
                    <span className="rank">{row.place === 0 ? '–' : row.place}</span>
                    <span className="model">{row.model}</span>
                    {row.place === 1 && <span className="badge good">chosen</span>}
                    {row.place > 1 && <span className="badge">fall-back {row.place - 1}</span>}
                    {row.baseline && <span className="badge">baseline</span>}
                  </span>
                </th>
                <td data-label="Predicted cost" title={row.predicted_cost ? exact(row.predicted_cost, row.currency ?? currency) : undefined}>
                  <span className="cell measure">
                    {row.predicted_cost ? money(row.predicted_cost, row.currency ?? currency) : 'unpriced'}
                    <Strip most={costs} value={limit(row.predicted_cost)} limit={within(cost, costs)} strong={row.place === 1} missed={missed(row, 'cost')} />
                  </span>
                </td>
                <td data-label="Latency p95" title={row.first_token_p95_ms === null ? undefined : `first token ${duration(row.first_token_p95_ms)}`}>
                  <span className="cell measure">
                    {row.total_p95_ms === null ? 'not seen yet' : duration(row.total_p95_ms)}
                    <Strip most={times} value={row.total_p95_ms} limit={within(total, times)} strong={row.place === 1} missed={missed(row, 'latency')} />
                  </span>
                </td>
                <td data-label="Accuracy">
                  <span className="cell measure">
                    <AccuracyWords row={row} />
                    {row.accuracy && (
                      <Strip
                        least={floor}
                        most={1}
                        value={row.accuracy.probability}
                        low={row.accuracy.low}
                        high={row.accuracy.high}
                        limit={least}
                        wrong="below"
                        strong={row.place === 1}
                        missed={missed(row, 'accuracy')}
                      />
                    )}
                  </span>
                </td>
                <td data-label="Why" className="reason wide">
                  <span className="cell">{why(row)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Moved rows={ranked} />
    </>
  );
}

const limit = (amount: string | null | undefined) => (amount === null || amount === undefined ? null : Number(amount));

/** A limit beyond the scale has nothing to say: everybody keeps it. */
const within = (value: number | null, most: number) => (value !== null && value <= most ? value : null);

const missed = (row: Candidate, what: string) => row.violations.some((one) => one.constraint.replace(/^floor [^:]*: /, '').startsWith(what));

function AccuracyWords({ row }: { row: Candidate }) {
  if (row.accuracy) {
    return (
      <span title={`90 % interval, from ${row.accuracy.labels} labels, predictor ${row.accuracy.version}`}>
        {percent(row.accuracy.probability)}
        <span className="quiet">
          {' '}
          {percent(row.accuracy.low, 0)}–{percent(row.accuracy.high, 0)}
        </span>
      </span>
    );
  }
  if (row.evidence) {
    return (
      <span>
        {words(row.evidence.outcome)} ({points(row.evidence.difference)} pp)
        {row.evidence.simulated && <Simulated />}
      </span>
    );
  }
  return <span className="quiet">unknown</span>;
}

export function why(row: Candidate): string {
  const lost = row.violations
    .filter((one) => !row.note.includes(one.constraint))
    .map((one) => `${one.constraint}: ${one.actual}, limit ${one.limit}`);
  const said = [row.note, ...row.refusals, ...lost].filter((text) => text !== '');
  const shared = row.share > 0 && row.share < 1 ? [`at most ${percent(row.share, 0)} of the traffic`] : [];
  const paid = row.commitment ? [`commitment ${row.commitment.name} ${row.commitment.left === '0' ? 'is used up' : `had ${money(row.commitment.left, row.commitment.currency)} left`}`] : [];
  return [...new Set([...said, ...shared, ...paid])].join('; ');
}

/** What in the prompt moved each learnt accuracy, and by how much; words are one influence, for prompts are not kept. */
function Moved({ rows }: { rows: Candidate[] }) {
  const explained = rows.filter((row) => (row.accuracy?.why ?? []).length > 0);
  if (explained.length === 0) {
    return null;
  }
  const most = Math.max(...explained.flatMap((row) => (row.accuracy?.why ?? []).map((one) => Math.abs(one.effect))));
  return (
    <>
      <h3>What moved the predicted accuracy</h3>
      <div className="moved">
        {explained.map((row) => (
          <div key={row.model} className="moved-of">
            <p className="model">{row.model}</p>
            <dl>
              {(row.accuracy?.why ?? []).slice(0, 6).map((one) => (
                <div key={one.feature}>
                  <dt>{one.feature.replaceAll('-', ' ')}</dt>
                  <dd>
                    <Effect share={one.effect / most} />
                    <span className="num">{points(one.effect)} pp</span>
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
      <p className="quiet">Before calibration. All words together are one influence: a decision keeps no word of its prompt.</p>
    </>
  );
}

function Effect({ share }: { share: number }) {
  const length = Math.abs(share) * 46;
  return (
    <svg className="effect" viewBox="0 0 100 10" width="100" height="10" aria-hidden="true">
      <line className="effect-zero" x1="50" x2="50" y1="0" y2="10" />
      <rect className={share < 0 ? 'effect-down' : 'effect-up'} x={share < 0 ? 50 - length : 50} y="2" width={length} height="6" rx="1.5" />
    </svg>
  );
}
