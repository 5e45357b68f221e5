import { duration, money, percent, time } from '../frame/format';
import { useQuery } from '../frame/router';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { DecisionPanel } from '../overview/DecisionPanel';
import type { DecisionRow } from './api';

/** The newest decisions, and one of them opened up. */
export function Opened({ rows, currency }: { rows: DecisionRow[]; currency: string }) {
  const [wanted, open] = useQuery('request', '');
  // One that tells most; and a decision that is open stays so when newer ones come.
  const shown = wanted || (rows.find((row) => row.explained) ?? rows[0])?.requestId || '';
  const columns: Column<DecisionRow>[] = [
    {
      name: 'When',
      cell: (row) => (
        <button
          type="button"
          className="linked"
          aria-pressed={row.requestId === shown}
          title={`Request ${row.requestId}`}
          onClick={() => open(row.requestId)}
        >
          {time(row.at)}
        </button>
      ),
    },
    {
      name: 'Answered by',
      wide: true,
      cell: (row) => (
        <span className="model">
          {row.served ?? row.model ?? 'nobody'}
          {row.failed && <Badge tone="bad">failed</Badge>}
          {!row.failed && row.served !== row.model && <Badge tone="warn">not the first choice</Badge>}
        </span>
      ),
    },
    { name: 'Why', wide: true, cell: (row) => <span className="reason">{row.reason}</span> },
    { name: 'Cost', num: true, cell: (row) => (row.cost === null ? 'unpriced' : money(row.cost, currency)), exact: (row) => row.cost ?? undefined },
    { name: 'Latency', num: true, cell: (row) => duration(row.latencyMillis) },
    { name: 'Score', num: true, cell: (row) => (row.score === null ? '–' : percent(row.score, 0)) },
  ];
  return (
    <>
      {shown && (
        <Card title="One decision, opened up" summary="What was predicted of each candidate, what it had to keep, and why the others lost.">
          <DecisionPanel key={shown} requestId={shown} currency={currency} />
        </Card>
      )}
      <Card title="Newest decisions" summary="Choose one to open it above.">
        <DataTable label="Newest decisions" columns={columns} rows={rows} keyOf={(row) => row.requestId} tall />
      </Card>
    </>
  );
}
