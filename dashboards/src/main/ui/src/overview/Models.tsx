import type { Figures, ModelRow } from './api';
import { count, duration, exact, money, percent, short } from '../frame/format';

/** With calls that have no price the true figure can only be higher. */
function perAnswer(row: ModelRow, currency: string): string {
  if (row.costPerAnswer === null || (row.unpriced > 0 && row.cost === '0')) {
    return '–';
  }
  return `${row.unpriced > 0 ? '≥ ' : ''}${money(row.costPerAnswer, currency)}`;
}

/** What each model did; the last row is the server's own sum. */
export function Models({ rows, figures, currency }: { rows: ModelRow[]; figures: Figures; currency: string }) {
  if (rows.length === 0) {
    return null;
  }
  return (
    <section className="card" aria-labelledby="models-title">
      <div className="card-head">
        <h2 id="models-title">Requests by model</h2>
      </div>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="models-title">
        <table className="models">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" className="num" title="Calls made to the model, whatever became of them">
                Calls
              </th>
              <th scope="col" className="num" title="Calls that gave a caller a full answer">
                Answered
              </th>
              <th scope="col" className="num">
                Tokens in
              </th>
              <th scope="col" className="num">
                Tokens out
              </th>
              <th scope="col" className="num">
                Cost
              </th>
              <th scope="col" className="num" title="Cost of all calls, for each full answer">
                Per answer
              </th>
              <th scope="col" className="num" title="Time to the full answer, within 2.5 %">
                p95
              </th>
              <th scope="col">Share of spend</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.model} ${row.simulated}`}>
                <th scope="row" data-label="Model">
                  <span className="model">{row.model}</span>
                  {row.simulated && <span className="badge simulated">simulated</span>}
                  {row.unpriced > 0 && <span className="badge bad">{count(row.unpriced)} unpriced</span>}
                </th>
                <td className="num" data-label="Calls">
                  {count(row.calls)}
                </td>
                <td className="num" data-label="Answered">
                  {percent(row.calls === 0 ? null : row.answered / row.calls)}
                </td>
                <td
                  className="num"
                  data-label="Tokens in"
                  title={`${count(row.inputTokens)}, of which ${count(row.cacheReadTokens)} read from a cache`}
                >
                  {short(row.inputTokens)}
                </td>
                <td className="num" data-label="Tokens out" title={count(row.outputTokens)}>
                  {short(row.outputTokens)}
                </td>
                <td className="num strong" data-label="Cost" title={exact(row.cost, currency)} data-exact={row.cost}>
                  {row.cost === '0' && row.unpriced > 0 ? 'unpriced' : money(row.cost, currency)}
                </td>
                <td
                  className="num"
                  data-label="Per answer"
                  title={row.costPerAnswer === null ? undefined : exact(row.costPerAnswer, currency)}
                >
                  {perAnswer(row, currency)}
                </td>
                <td className="num" data-label="p95" title={`Median ${duration(row.p50Millis)}`}>
                  {duration(row.p95Millis)}
                </td>
                <td data-label="Share of spend">
                  <span className="share">
                    <span className="bar" aria-hidden="true">
                      <span style={{ width: `${(row.spendShare ?? 0) * 100}%` }} />
                    </span>
                    <span className="num">{percent(row.spendShare)}</span>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" data-label="">
                All models
              </th>
              <td className="num" data-label="Calls">
                {count(figures.attempts)}
              </td>
              <td className="num" data-label="Answered">
                {percent(figures.attempts === 0 ? null : figures.answered / figures.attempts)}
              </td>
              <td className="num" data-label="Tokens in" title={count(figures.inputTokens)}>
                {short(figures.inputTokens)}
              </td>
              <td className="num" data-label="Tokens out" title={count(figures.outputTokens)}>
                {short(figures.outputTokens)}
              </td>
              <td className="num strong" data-label="Cost" title={exact(figures.spend, currency)}>
                {money(figures.spend, currency)}
              </td>
              <td colSpan={3} className="rest" />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}
