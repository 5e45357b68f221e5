import * as api from './api';
import type { AttemptRow, Candidate } from './api';
import { count, duration, exact, money, percent, points, time, words } from '../frame/format';
import { useLoad } from '../frame/useLoad';

/** One request in full: every candidate with what was predicted of it, every attempt with its bill. */
export function DecisionPanel({ requestId, currency }: { requestId: string; currency: string }) {
  const { data, error } = useLoad(`decision:${requestId}`, (signal) => api.decision(requestId, signal), false);
  if (error) {
    return <p className="quiet">The decision could not be read: {error}</p>;
  }
  if (data === null) {
    return <span className="bone bone-chart" aria-label="Loading" />;
  }
  const candidates = data.decision?.candidates ?? [];
  return (
    <div className="panel">
      <p className="panel-head">
        Request <code>{requestId}</code>
        {data.decision?.policy && (
          <>
            {' '}
            under policy <b>{data.decision.policy}</b>
          </>
        )}
      </p>
      {candidates.length > 0 && <Candidates rows={candidates} currency={currency} />}
      <h3>Attempts</h3>
      <div className="attempts">
        {data.attempts.map((attempt) => (
          <Attempt key={attempt.attemptId} attempt={attempt} currency={currency} />
        ))}
      </div>
      {data.decision && (
        <details>
          <summary>Decision as recorded</summary>
          <pre tabIndex={0}>{JSON.stringify(data.decision, null, 2)}</pre>
        </details>
      )}
    </div>
  );
}

function Candidates({ rows, currency }: { rows: Candidate[]; currency: string }) {
  return (
    <>
      <h3>Candidates</h3>
      <div className="scroll">
        <table className="inner">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" className="num">
                Predicted cost
              </th>
              <th scope="col" className="num">
                First token p95
              </th>
              <th scope="col" className="num">
                Total p95
              </th>
              <th scope="col">Evidence</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.model} className={row.place === 1 ? 'chosen' : ''}>
                <th scope="row">
                  <span className="model">{row.model}</span>
                  {row.place === 1 && <span className="badge good">chosen</span>}
                  {row.place > 1 && <span className="badge">fall-back {row.place - 1}</span>}
                  {row.baseline && <span className="badge">baseline</span>}
                </th>
                <td className="num" title={row.predicted_cost ? exact(row.predicted_cost, row.currency ?? currency) : undefined}>
                  {row.predicted_cost ? money(row.predicted_cost, row.currency ?? currency) : 'unpriced'}
                </td>
                <td className="num">{duration(row.first_token_p95_ms)}</td>
                <td className="num">{duration(row.total_p95_ms)}</td>
                <td>
                  {row.evidence === null ? (
                    <span className="quiet">–</span>
                  ) : (
                    <>
                      {words(row.evidence.outcome)} ({points(row.evidence.difference)} pp)
                      {row.evidence.simulated && <span className="badge simulated">simulated</span>}
                    </>
                  )}
                </td>
                <td className="reason">{why(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function why(row: Candidate): string {
  const missed = row.violations.map((one) => `${one.constraint}: ${one.actual}, limit ${one.limit}`);
  const said = [row.note, ...row.refusals, ...missed].filter((text) => text !== '');
  const shared = row.share > 0 && row.share < 1 ? [`at most ${percent(row.share, 0)} of the traffic`] : [];
  return [...new Set([...said, ...shared])].join('; ');
}

function Attempt({ attempt, currency }: { attempt: AttemptRow; currency: string }) {
  const facts = [
    words(attempt.role),
    attempt.servedModel && !`/${attempt.model}`.endsWith(`/${attempt.servedModel}`) ? `served by ${attempt.servedModel}` : null,
    attempt.httpStatus === null ? null : `HTTP ${attempt.httpStatus}`,
    attempt.firstByteMillis === null ? null : `first byte ${duration(attempt.firstByteMillis)}`,
    attempt.latencyMillis === null ? null : `total ${duration(attempt.latencyMillis)}`,
    attempt.finishReason,
    attempt.usageSource === null ? null : `usage: ${attempt.usageSource.replaceAll('_', ' ')}`,
    attempt.priceVersion === null ? null : `price ${attempt.priceVersion}`,
  ].filter((fact) => fact !== null);
  return (
    <div className="attempt">
      <div className="attempt-head">
        <span className="attempt-no">{attempt.attemptNo}</span>
        <span className="model">{attempt.model}</span>
        {attempt.simulated && <span className="badge simulated">simulated</span>}
        <span className="badge">{words(attempt.state)}</span>
        {attempt.errorCode && <span className="badge bad">{attempt.errorCode}</span>}
        <span className="attempt-time">{time(attempt.startedAt)}</span>
      </div>
      <p className="facts">
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      {attempt.lines.length > 0 && (
        <table className="inner bill">
          <tbody>
            {attempt.lines.map((line) => (
              <tr key={line.bucket}>
                <th scope="row">{words(line.bucket)}</th>
                <td className="num">{quantity(line.quantity)}</td>
                <td className="num quiet">
                  {line.unitPrice === null ? 'no price' : `× ${line.unitPrice} per ${quantity(line.per ?? '1')}`}
                </td>
                <td className="num strong">{line.cost === null ? 'unpriced' : exact(line.cost, currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Cost</th>
              <td colSpan={2} className="num quiet">
                {attempt.baseline === null ? '' : `baseline ${exact(attempt.baseline, currency)}`}
              </td>
              <td className="num strong">{attempt.cost === null ? 'unpriced' : exact(attempt.cost, currency)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </div>
  );
}

/** Whole numbers are grouped; anything else stays as it was written. */
function quantity(text: string): string {
  return /^\d{1,15}$/.test(text) ? count(Number(text)) : text;
}
