import { count, share, span } from '../frame/format';
import { Card } from '../parts/Card';
import type { Step, Story } from './api';
import { STATE } from './words';

/** The way from evidence to open, and where the swap is on it. */
export function Ramp({ story }: { story: Story }) {
  const { swap, steps } = story;
  return (
    <Card title="The way" summary={summary(story)}>
      <ol className="ramp">
        {steps.map((step) => (
          <li key={step.name} className={step.place.toLowerCase()} aria-current={step.place === 'HERE' ? 'step' : undefined}>
            <span className="ramp-dot" aria-hidden="true" />
            <span className="ramp-name">{step.name}</span>
            <span className="ramp-note">{note(step, swap.state)}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function note(step: Step, state: Story['swap']['state']): string {
  if (step.place === 'HERE') {
    if (step.name === 'Evidence') {
      return STATE[state].text.toLowerCase();
    }
    if (step.seconds !== null && step.elapsedSeconds !== null) {
      const time = `${span(Math.min(step.elapsedSeconds, step.seconds))} of ${span(step.seconds)}`;
      return step.needed ? `${time}, ${count(step.seen ?? 0)} of ${count(step.needed)} answers` : time;
    }
    return 'here';
  }
  if (step.name === 'Shadow' && step.share !== null) {
    return `copies of ${share(step.share)}`;
  }
  return step.name === 'Open' && step.share !== null ? share(step.share) : '';
}

function summary({ swap, incumbent }: Story): string {
  const served = `The candidate serves ${share(swap.share)}, ${incumbent} the rest.`;
  const why = `${STATE[swap.state].means}: ${swap.reason}.`;
  return `${served} ${why}`;
}
