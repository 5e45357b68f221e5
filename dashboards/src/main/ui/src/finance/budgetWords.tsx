import { exact, money, percent } from '../frame/format';
import { Badge, type Tone } from '../parts/Badge';
import type { Budget, Outlook } from './budgets';
import { stepWords } from './words';

const STATES: Record<Budget['state'], { tone: Tone; word: string; title: string }> = {
  within: { tone: 'good', word: 'on pace', title: 'No more is spent than an even pace allows' },
  ahead: { tone: 'warn', word: 'ahead of pace', title: 'More is spent than an even pace allows' },
  'used-up': { tone: 'bad', word: 'used up', title: 'A call did not fit any more, or nothing is left' },
  overrun: { tone: 'bad', word: 'overrun', title: 'More was spent than was ever granted for the period' },
  unknown: { tone: 'warn', word: 'not known', title: 'The ledger has not told what was spent' },
};

export function StateBadge({ budget }: { budget: Budget }) {
  const state = STATES[budget.state];
  return (
    <Badge tone={state.tone} title={state.title}>
      {state.word}
    </Badge>
  );
}

export const PER: Record<Budget['per'], string> = { day: 'a day', week: 'a week', month: 'a month', total: 'in total' };

export const THEN: Record<Budget['whenUsedUp'], string> = {
  refuse: 'calls are refused with 402',
  warn: 'calls pass, with a warning',
  downgrade: 'calls go to a cheaper model',
};

/** A moment in the budget's own zone: a reset is a midnight there, wherever the reader sits. */
export function inZone(iso: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: zone }).format(
    new Date(iso),
  );
}

/** When it runs out, in few words. */
export function runsOut(budget: Budget): string {
  const ahead = budget.outlook;
  if (!ahead || ahead.why) {
    return '–';
  }
  if (budget.state === 'used-up' || budget.state === 'overrun') {
    return 'now';
  }
  return ahead.runsOut ? stepWords(ahead.runsOut) : budget.per === 'total' ? 'not within 3 months' : 'lasts';
}

/** In four of five futures it lies between. */
export function interval(ahead: Outlook | null, lasts: string): string {
  if (!ahead || ahead.why) {
    return ahead?.why ? `${ahead.why}.` : '';
  }
  if (!ahead.earliest) {
    return `It lasts ${lasts} in nine of ten futures.`;
  }
  return `80 %: ${stepWords(ahead.earliest)} – ${ahead.latest ? stepWords(ahead.latest) : 'later than the period'}`;
}

/** The whole of it in one sentence, for those who hear the page and for the heading. */
export function sentence(budget: Budget, currency: string): string {
  const over = budget.overrun !== '0';
  const left = over ? `${money(budget.overrun, currency)} more than was granted` : `${money(budget.left, currency)} left`;
  const pace = budget.elapsed === null ? '' : `, with ${percent(budget.elapsed, 0)} of the ${budget.per} over`;
  return `${money(budget.spent, currency)} of ${money(budget.limit, currency)} is spent (${percent(budget.used)})${pace}; ${left}.`;
}

/** Spent, set aside and left as one bar, with the even pace as a mark. */
export function BudgetBar({ budget, currency }: { budget: Budget; currency: string }) {
  const limit = Number(budget.limit);
  const most = Math.max(limit, Number(budget.spent) + Number(budget.reserved));
  const x = (amount: number) => (100 * Math.max(0, amount)) / most;
  const spent = x(Number(budget.spent));
  const tone = budget.state === 'overrun' || budget.state === 'used-up' ? 'bad' : budget.state === 'ahead' ? 'warn' : '';
  return (
    <svg
      className={`budget-bar ${tone}`}
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${sentence(budget, currency)} ${exact(budget.reserved, currency)} set aside.`}
    >
      <rect className="budget-ground" width={x(limit)} height="10" />
      <rect className="budget-spent" width={spent} height="10" />
      <rect className="budget-reserved" x={spent} width={x(Number(budget.reserved))} height="10" />
      {most > limit && <rect className="budget-limit" x={x(limit) - 0.25} width="0.5" height="10" />}
      {budget.elapsed !== null && <rect className="budget-pace" x={Math.min(99.5, x(limit * budget.elapsed))} width="0.5" height="10" />}
    </svg>
  );
}
