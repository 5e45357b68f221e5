import { Badge, type Tone } from '../parts/Badge';
import { words } from '../frame/format';
import type { Outcome } from './api';

const TONE: Record<Outcome, Tone> = {
  SUPERIOR: 'good',
  NON_INFERIOR: 'good',
  INFERIOR: 'bad',
  INCONCLUSIVE: 'plain',
  INVALID: 'warn',
};

const MEANS: Record<Outcome, string> = {
  SUPERIOR: 'The candidate is better, beyond chance',
  NON_INFERIOR: 'The candidate is not worse by more than the margin, beyond chance',
  INFERIOR: 'The candidate is worse by more than the margin, beyond chance',
  INCONCLUSIVE: 'The data are too few to say',
  INVALID: 'The data cannot be used',
};

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  return (
    <Badge tone={TONE[outcome]} title={MEANS[outcome]}>
      {outcome === 'NON_INFERIOR' ? 'Non-inferior' : words(outcome)}
    </Badge>
  );
}

const ACTION: Record<string, { tone: Tone; text: string; means: string }> = {
  ADVANCE: { tone: 'good', text: 'may advance', means: 'The swap may take its next step' },
  HOLD: { tone: 'warn', text: 'held by a guard', means: 'Good enough, but a guard forbids it' },
  REJECT: { tone: 'bad', text: 'rejected', means: 'Not good enough' },
  NEED_DATA: { tone: 'plain', text: 'not decided yet', means: 'The evidence is not enough for a decision' },
  INVALID: { tone: 'warn', text: 'cannot be used', means: 'The data cannot be used' },
};

export function ActionBadge({ action }: { action: string }) {
  const known = ACTION[action];
  return (
    <Badge tone={known?.tone ?? 'plain'} title={known?.means ?? ''}>
      {known?.text ?? words(action)}
    </Badge>
  );
}
