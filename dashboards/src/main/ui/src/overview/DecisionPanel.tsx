import * as api from './api';
import type { AttemptRow } from './api';
import { count, duration, exact, time, words } from '../frame/format';
import { useLoad } from '../frame/useLoad';
import { Weighed } from './Weighed';

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
      {data.decision?.reason && <p className="panel-reason">{data.decision.reason}</p>}
      {data.decision && candidates.length > 0 && <Weighed decision={data.decision} rows={candidates} currency={currency} />}
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
        <div className="scroll" tabIndex={0} role="group" aria-label={`Charge lines of attempt ${attempt.attemptNo}`}>
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
        </div>
      )}
    </div>
  );
}

/** Whole numbers are grouped; anything else stays as it was written. */
function quantity(text: string): string {
  return /^\d{1,15}$/.test(text) ? count(Number(text)) : text;
}
