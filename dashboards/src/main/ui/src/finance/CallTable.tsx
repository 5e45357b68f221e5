import { count, duration, exact, money, when, words } from '../frame/format';
import { Link } from '../frame/router';
import { Badge, Simulated, type Tone } from '../parts/Badge';
import { type Column, DataTable } from '../parts/DataTable';
import type { CallRow } from './calls';

const TONE: Record<CallRow['state'], Tone> = { OPEN: 'info', SETTLED: 'good', ABORTED: 'warn', FAILED: 'bad', EXPIRED: 'warn' };

export const STATES: Record<CallRow['state'], string> = {
  OPEN: 'Under way',
  SETTLED: 'Answered',
  ABORTED: 'Left by caller',
  FAILED: 'Failed',
  EXPIRED: 'Expired',
};

/** Why a call was made, in a word. */
export const roleName = (role: string) => words(role === 'PRIMARY' ? 'first call' : role);

export function State({ row }: { row: CallRow }) {
  return (
    <>
      <Badge tone={TONE[row.state]} {...(row.errorCode !== null && { title: words(row.errorCode) })}>
        {STATES[row.state]}
      </Badge>
      {row.simulated && <Simulated />}
    </>
  );
}

/** Cost as it stands in the books: hatched where it is estimated, a word where it is unknown. */
export function Cost({ row, currency }: { row: CallRow; currency: string }) {
  if (row.cost === null) {
    return <Badge tone={row.state === 'OPEN' ? 'info' : 'bad'}>{row.state === 'OPEN' ? 'open' : 'unpriced'}</Badge>;
  }
  return <span className={row.estimated ? 'estimated' : undefined}>{money(row.cost, row.currency ?? currency)}</span>;
}

const COLUMNS = (currency: string): Column<CallRow>[] => [
  { name: 'Started', cell: (row) => <Link to={`/requests/${row.requestId}`}>{when(row.startedAt)}</Link> },
  { name: 'Route', cell: (row) => row.route },
  { name: 'Model', wide: true, cell: (row) => <span className="model">{row.model}</span> },
  { name: 'Tenant', cell: (row) => row.tenant },
  { name: 'Role', title: 'Why the call was made', cell: (row) => roleName(row.role) },
  { name: 'Tokens in', num: true, cell: (row) => count(row.inputTokens) },
  { name: 'Tokens out', num: true, cell: (row) => count(row.outputTokens) },
  {
    name: 'Cost',
    num: true,
    cell: (row) => <Cost row={row} currency={currency} />,
    exact: (row) => (row.cost === null ? undefined : `${exact(row.cost, row.currency ?? currency)}${row.estimated ? ', estimated' : ''}`),
  },
  { name: 'Took', num: true, cell: (row) => duration(row.latencyMillis) },
  { name: 'Outcome', cell: (row) => <State row={row} /> },
];

/** Calls, each a link to its request. */
export function CallTable({ label, rows, currency }: { label: string; rows: CallRow[]; currency: string }) {
  return (
    <DataTable
      label={label}
      columns={COLUMNS(currency)}
      rows={rows}
      keyOf={(row) => row.attemptId}
      to={(row) => `/requests/${row.requestId}`}
    />
  );
}
