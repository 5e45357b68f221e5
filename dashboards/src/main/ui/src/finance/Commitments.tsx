import { exact, money, percent } from '../frame/format';
import { useLoad } from '../frame/useLoad';
import { Badge, type Tone } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Failure } from '../parts/States';
import * as api from './commitments';
import type { Commitment, CommitmentList } from './commitments';

const STATES: Record<Commitment['state'], { tone: Tone; word: string; title: string }> = {
  within: { tone: 'good', word: 'room', title: 'One more call costs nothing' },
  'used-up': { tone: 'warn', word: 'used up', title: 'Calls cost their price until the month begins anew' },
  'not-begun': { tone: 'plain', word: 'not begun', title: 'Calls cost their price until it begins' },
  ended: { tone: 'plain', word: 'ended', title: 'Calls cost their price' },
  unknown: { tone: 'warn', word: 'not known', title: 'The ledger has not told what was used; calls count at their price' },
};

/** What is paid whether it is used or not; nothing where nothing is committed. */
export function Commitments() {
  const page = useLoad<CommitmentList>('commitments', api.list, 15_000);
  const data = page.data;
  if (page.error) {
    return <Failure message={page.error} stale={data !== null} retry={page.reload} />;
  }
  if (!data || data.commitments.length === 0) {
    return null;
  }
  return (
    <Card title="Committed spend" summary={summary(data)}>
      <DataTable label="Committed spend" columns={columns(data.currency)} rows={data.commitments} keyOf={(one) => one.name} />
    </Card>
  );
}

function summary(data: CommitmentList): string {
  const wasted = data.commitments.filter((one) => Number(one.unusedAtPace ?? 0) > 0);
  return wasted.length === 0
    ? 'Paid whether it is used or not. At the present pace nothing of it is paid for nothing, as far as can be told.'
    : `Paid whether it is used or not. At the present pace ${wasted.map((one) => `${money(String(one.unusedAtPace), data.currency)} of ${one.name}`).join(' and ')} will be paid for nothing this month.`;
}

function columns(currency: string): Column<Commitment>[] {
  const told = (amount: string | null) => (amount === null ? '–' : money(amount, currency));
  const digits = (amount: string | null) => (amount === null ? undefined : exact(amount, currency));
  return [
    {
      name: 'Commitment',
      wide: true,
      cell: (one) => (
        <span className="named">
          <span>{one.name}</span>
          <span className="quiet">
            {one.models.join(', ')}, {one.from} to {one.to}
          </span>
        </span>
      ),
    },
    {
      name: 'State',
      cell: (one) => (
        <Badge tone={STATES[one.state].tone} title={STATES[one.state].title}>
          {STATES[one.state].word}
        </Badge>
      ),
    },
    { name: 'Amount', num: true, cell: (one) => `${money(one.amount, currency)} a month`, exact: (one) => exact(one.amount, currency) },
    { name: 'Used', num: true, cell: (one) => (one.used === null ? '–' : `${money(one.used, currency)} (${percent(one.share, 0)})`), exact: (one) => digits(one.used) },
    { name: 'Left', num: true, cell: (one) => told(one.left), exact: (one) => digits(one.left) },
    { name: 'Beyond', title: 'What calls cost more than the amount', num: true, cell: (one) => told(one.beyond), exact: (one) => digits(one.beyond) },
    {
      name: 'Unused at this pace',
      title: 'Paid for nothing where the rest of the month goes on like this; from the second day on',
      num: true,
      cell: (one) => told(one.unusedAtPace),
      exact: (one) => digits(one.unusedAtPace),
    },
  ];
}
