import { type FormEvent, useState } from 'react';
import { count, percent } from '../frame/format';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import * as api from './api';
import type { Period, RoutePage, Simulation } from './api';
import { Simulated } from './Simulated';
import { sentence } from './words';

const EXAMPLE = `minimise: cost
subject-to:
  accuracy: {at-least: 80 %}
  latency: {total-p95: 3 s}`;

const OWN = ' own';

/** Another policy, tried on the requests that were recorded; nothing is written and nobody is served by it. */
export function Simulator({ data, period }: { data: RoutePage; period: Period }) {
  const others = data.policies.filter((one) => one.name !== data.policy);
  const [chosen, choose] = useState(others[0]?.name ?? OWN);
  const [text, write] = useState(EXAMPLE);
  const [everywhere, setEverywhere] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [result, show] = useState<Simulation | null>(null);
  const own = chosen === OWN;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    api
      .simulate({ route: data.route, policy: own ? text : chosen, period, everywhere })
      .then(show, (failure: unknown) => {
        show(null);
        setError(failure instanceof Error ? failure.message : String(failure));
      })
      .finally(() => setBusy(false));
  };
  const upload = (file: File | undefined) => {
    file?.text().then(
      (read) => write(read),
      () => setError('The file could not be read.'),
    );
  };
  return (
    <Card
      title="Try another policy"
      summary="Decides the recorded requests again. Where the new choice is the old one, what came of it tells; of the rest, prices and forecasts do."
    >
      <form className="try" onSubmit={send}>
        <label>
          Policy
          <select value={chosen} onChange={(event) => choose(event.target.value)}>
            {others.map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
              </option>
            ))}
            {data.policy && <option value={data.policy}>{data.policy} (as it is)</option>}
            <option value={OWN}>One of your own</option>
          </select>
        </label>
        {own ? (
          <div className="try-text">
            <label>
              In YAML: one policy, or <code>policies:</code> with several
              <textarea value={text} rows={7} maxLength={32_768} spellCheck={false} onChange={(event) => write(event.target.value)} />
            </label>
            <label className="try-file">
              or from a file
              <input type="file" accept=".yaml,.yml,.json,.txt" onChange={(event) => upload(event.target.files?.[0])} />
            </label>
          </div>
        ) : (
          <p className="try-sentence">{sentence(data.policies.find((one) => one.name === chosen)?.sentence ?? '')}</p>
        )}
        <div className="try-run">
          <label className="try-check">
            <input type="checkbox" checked={everywhere} onChange={(event) => setEverywhere(event.target.checked)} />
            also other routes’ requests
          </label>
          <button type="submit" className="button primary" disabled={busy}>
            {busy ? 'Deciding again…' : 'Simulate'}
          </button>
        </div>
      </form>
      {error && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
      <div aria-live="polite">{result && <Told result={result} models={data.candidates.map((row) => row.model)} />}</div>
    </Card>
  );
}

function Told({ result, models }: { result: Simulation; models: string[] }) {
  const all = result.rows[0];
  if (!all) {
    return null;
  }
  const { support } = all;
  return (
    <div className="simulated-result">
      <h3>
        Under {result.policy === 'draft' ? 'your policy' : result.policy}
      </h3>
      <p className="summary">
        {sentence(result.sentence)} {count(support.requests)} requests decided again,{' '}
        {percent(support.supported / Math.max(1, support.requests), 0)} of them told by data
        {support.refused > 0 && `, ${count(support.refused)} refused`}.
      </p>
      {result.remarks.map((one) => (
        <p key={one.what}>
          <Badge tone={one.error ? 'bad' : 'warn'}>{one.error ? 'error' : 'warning'}</Badge> {sentence(one.what)}; {one.remedy}.
        </p>
      ))}
      <Simulated result={result} models={models} />
    </div>
  );
}
