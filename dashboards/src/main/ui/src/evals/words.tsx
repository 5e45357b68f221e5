import { down, percent, points, up } from '../frame/format';
import { Badge, Simulated, type Tone } from '../parts/Badge';
import { AccuracyBar } from '../parts/Interval';
import type { Estimate, Kind, Stop, Summary } from './api';

const STOP: Record<Stop, { tone: Tone; text: string }> = {
  COMPLETE: { tone: 'good', text: 'complete' },
  ENOUGH: { tone: 'good', text: 'evidence was enough' },
  SPEND_CAP: { tone: 'warn', text: 'spend cap reached' },
  SPEND_UNKNOWN: { tone: 'warn', text: 'cost unknown under a cap' },
  FAILING: { tone: 'bad', text: 'calls failed in a row' },
  DENIED: { tone: 'bad', text: 'key missing or wrong' },
};

export function StateBadge({ run }: { run: Summary }) {
  if (run.state === 'RUNNING') {
    return (
      <Badge tone="info" title="It is being run now">
        <span className="pulse" aria-hidden="true" /> running
      </Badge>
    );
  }
  if (run.state === 'CUT_OFF' || run.stop === null) {
    return (
      <Badge tone="warn" title="Its process ended before it did; the same command goes on where it stopped">
        cut off
      </Badge>
    );
  }
  return <Badge tone={STOP[run.stop].tone}>{STOP[run.stop].text}</Badge>;
}

export const simulated = (run: Summary) => run.figures.models.some((side) => side.simulated > 0);

export function RunBadges({ run }: { run: Summary }) {
  return (
    <>
      <StateBadge run={run} />
      {run.header.keyed === false && (
        <Badge tone="warn" title="No item has an expected answer and no judge was asked: the share is of answers that pass the suite's checks; whether they are right nobody says">
          no keys
        </Badge>
      )}
      {simulated(run) && <Simulated />}
    </>
  );
}

/** A model's accuracy: figure, bar and interval. */
export function Accuracy({ estimate }: { estimate: Estimate | null }) {
  if (estimate === null) {
    return <span className="quiet">–</span>;
  }
  return (
    <span className="accuracy-cell">
      <b>{percent(estimate.value)}</b>
      <AccuracyBar
        value={estimate.value}
        lower={estimate.interval?.lower ?? null}
        upper={estimate.interval?.upper ?? null}
      />
      {estimate.interval && (
        <span className="under">
          {percent(estimate.interval.lower)} … {percent(estimate.interval.upper)}
        </span>
      )}
    </span>
  );
}

/** A difference in points with its interval beneath. */
export function Difference({ estimate }: { estimate: Estimate | null }) {
  if (estimate === null) {
    return <>–</>;
  }
  return (
    <>
      <b>{points(estimate.value)}</b>
      {estimate.interval && (
        <span className="under">
          {points(down(estimate.interval.lower))} … {points(up(estimate.interval.upper))}
        </span>
      )}
    </>
  );
}

/** Without keys an answer passes or not; nobody says whether it is right. */
export function kindWords(run: Summary, kind: Kind) {
  if (run.header.keyed === false && (kind === 'RIGHT' || kind === 'WRONG')) {
    return kind === 'RIGHT'
      ? { ...KIND.RIGHT, label: 'Passed', name: 'The answer passes the suite\'s checks' }
      : { ...KIND.WRONG, label: 'Did not pass', name: 'The answer does not pass the suite\'s checks' };
  }
  return KIND[kind];
}

export const KIND: Record<Kind, { label: string; name: string; tone: Tone }> = {
  BOTH: { label: 'Both right', name: 'Both models were right', tone: 'good' },
  ONLY_CANDIDATE: { label: 'Only candidate', name: 'Only the candidate was right: a swap wins these', tone: 'info' },
  ONLY_INCUMBENT: { label: 'Only incumbent', name: 'Only the incumbent was right: a swap loses these', tone: 'bad' },
  NEITHER: { label: 'Both wrong', name: 'Neither model was right', tone: 'plain' },
  RIGHT: { label: 'Right', name: 'The model was right', tone: 'good' },
  WRONG: { label: 'Wrong', name: 'The model was wrong', tone: 'bad' },
  UNGRADED: { label: 'Not graded', name: 'A grader failed, or an answer is missing', tone: 'warn' },
  WAITING: { label: 'Waiting', name: 'A model has not answered yet', tone: 'plain' },
};
