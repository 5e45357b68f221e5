import { percent } from '../frame/format';
import type { Swap } from './api';
import { guardName } from './words';

/** How far the guard that is furthest on its way has to go until it raises an alarm. */
export function Alarm({ swap }: { swap: Swap }) {
  const drift = swap.pairs && { guard: 'drift', logStatistic: swap.pairs.logDrift, logThreshold: swap.pairs.logThreshold };
  const closest = [...swap.guards, ...(drift ? [drift] : [])]
    .filter((guard) => guard.logStatistic !== null)
    .map((guard) => ({ guard: guard.guard, way: Math.max(0, (guard.logStatistic ?? 0) / guard.logThreshold) }))
    .sort((one, other) => other.way - one.way)[0];
  if (!closest) {
    return <span className="quiet">nothing seen yet</span>;
  }
  return <Way guard={closest.guard} way={closest.way} />;
}

/** A bar from no evidence to the alarm. */
export function Way({ guard, way }: { guard: string; way: number }) {
  const shown = Math.min(1, Math.max(0, way));
  const tone = shown >= 1 ? 'bad' : shown >= 0.5 ? 'warn' : '';
  return (
    <span className="share" title={`${guardName(guard)}: ${percent(way, 0)} of the way to an alarm`}>
      <span className={`bar ${tone}`} aria-hidden="true">
        <span style={{ width: `${shown * 100}%` }} />
      </span>
      <span className="num">{guard}</span>
    </span>
  );
}
