import { count, money, percent, span } from '../frame/format';
import { Link } from '../frame/router';
import { Card } from '../parts/Card';
import type { Summary } from './api';
import { StateBadge } from './words';

/** A run under way: how far each model is. */
export function Progress({ run, linked = false }: { run: Summary; linked?: boolean }) {
  const { header, figures } = run;
  const seconds = Math.max(0, (Date.parse(run.lastAt) - Date.parse(header.startedAt)) / 1_000);
  return (
    <Card
      title={run.state === 'RUNNING' ? `${header.suite} is being run` : `${header.suite} was cut off`}
      summary={
        run.state === 'RUNNING'
          ? `For ${span(seconds)} now. Answers that were paid for earlier are not asked for again.`
          : 'Its process ended before it did. The same command goes on where it stopped; nothing is asked twice.'
      }
      actions={
        <span className="badges">
          <StateBadge run={run} />
          {linked && (
            <Link to={`/evals/${header.id}`} className="button">
              Open
            </Link>
          )}
        </span>
      }
    >
      <ul className="lanes">
        {header.models.map((model, i) => {
          const side = figures.models[i];
          const done = side?.done ?? 0;
          return (
            <li key={model.model}>
              <span className="lane-name">{model.model}</span>
              <progress max={header.total} value={done} aria-label={`${model.model}: ${done} of ${header.total} items`} />
              <span className="num">
                {count(done)} / {count(header.total)}
              </span>
              <span className="lane-facts">
                {side?.accuracy && <>{percent(side.accuracy.value)} {run.header.keyed === false ? 'pass' : 'right'}</>}
                {side && side.reused > 0 && <>, {count(side.reused)} from before</>}
                {side && side.errors > 0 && <>, {count(side.errors)} failed</>}
                {side?.spent && <>, {money(side.spent, side.currency ?? 'USD')}</>}
              </span>
            </li>
          );
        })}
        {run.evidence !== null && (
          <li>
            <span className="lane-name">Evidence</span>
            <progress max={1} value={Math.min(1, run.evidence)} aria-label="How far the test is on its way to a decision" />
            <span className="num">{percent(run.evidence, 0)}</span>
            <span className="lane-facts">of what a decision takes; it ends by itself then</span>
          </li>
        )}
      </ul>
    </Card>
  );
}
