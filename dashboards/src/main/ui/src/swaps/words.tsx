import { count, share } from '../frame/format';
import { Badge, type Tone } from '../parts/Badge';
import type { State, Swap } from './api';

export const STATE: Record<State, { tone: Tone; text: string; means: string }> = {
  CLOSED: { tone: 'plain', text: 'Closed', means: 'The closed model serves everything' },
  OFFLINE: { tone: 'info', text: 'Waiting', means: 'The next move waits, for a person or for fresh evidence' },
  SHADOW: { tone: 'info', text: 'Shadow', means: 'The open model answers copies of live requests; nobody sees its answers' },
  RAMP: { tone: 'good', text: 'Ramp', means: 'The open model serves a growing share' },
  OPEN: { tone: 'good', text: 'Open', means: 'The open model serves all but the holdback' },
  ROLLED_BACK: { tone: 'bad', text: 'Rolled back', means: 'Taken back; nothing moves until the cool-down has passed' },
  STALE: { tone: 'warn', text: 'Stale', means: 'The evidence expired or no longer speaks of this model' },
};

export function StateBadge({ swap }: { swap: Swap }) {
  const { tone, text, means } = STATE[swap.state];
  return (
    <>
      <Badge tone={tone} title={means}>
        {text}
        {swap.state === 'RAMP' && ` ${share(swap.ramp[swap.step] ?? swap.share)}`}
      </Badge>
      {swap.hold && (
        <Badge tone="warn" title={`By ${swap.hold.by}: ${swap.hold.reason}`}>
          {swap.hold.kind === 'FREEZE' ? 'frozen' : `overridden: ${share(swap.hold.share)}`}
        </Badge>
      )}
    </>
  );
}

const GUARDS: Record<string, string> = {
  errors: 'Requests not answered',
  format: 'Answers without the form asked for',
  truncated: 'Answers cut off',
  latency: 'Slow answers',
  feedback: 'What callers miss in answers',
  judged: 'What the judge misses in answers',
  quality: 'What graded answers lack',
  drift: 'Graded pairs against the incumbent',
};

export const guardName = (guard: string) => GUARDS[guard] ?? guard;

/** Beneath a page of swaps; in a demonstration their dates are not the world's. */
export function datesOf(speed: number | undefined) {
  const zone = 'Times are in your time zone.';
  return speed === undefined || speed === 1
    ? zone
    : `${zone} In this demonstration swaps live ${count(speed)} times as fast as the world: their dates run ahead of today.`;
}
