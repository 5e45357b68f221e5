import { count, exact, percent, short } from '../frame/format';
import type { Money } from '../frame/format';
import { Link } from '../frame/router';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import type { Frame } from './api';
import { type Asked, dimensionName, valueName } from './asked';
import { Change } from './Change';
import { MoneyPage } from './MoneyPage';
import { Nothing } from './Nothing';
import { fixed, isZero } from './words';

interface Cell {
  spend: Money;
  shown: string;
}

interface Sums {
  spend: Money;
  shown: string;
  before: Money | null;
  change: number | null;
  adjustments: Money;
  requests: number;
  answered: number;
  inputTokens: number;
  outputTokens: number;
  unpriced: number;
  estimated: Money;
  wasted: Money;
  saved: Money;
  cells: Cell[];
}

interface Row extends Sums {
  value: string;
  share: number | null;
}

interface Data {
  frame: Frame;
  by: string[];
  columns: string[];
  rows: Row[];
  total: Sums;
  gatheredRows: number;
  gatheredColumns: number;
  tags: string[];
}

const USUAL = ['tenant'];

/** Who pays what? */
export function Chargeback() {
  return (
    <MoneyPage<Data>
      title="Chargeback"
      lead="Who pays what? Spend by any two dimensions; what is shown adds up to the total, to the cent."
      path="/api/money/chargeback"
      grouping={(data) => ({ most: 2, usual: USUAL, tags: data?.tags ?? [] })}
    >
      {(data, asked) => (data.rows.length === 0 ? <Nothing /> : <Table data={data} asked={asked} />)}
    </MoneyPage>
  );
}

function Table({ data, asked }: { data: Data; asked: Asked }) {
  const [first = 'tenant', second] = data.by;
  const currency = data.frame.currency;
  const columns: Column<Row>[] = [
    {
      name: dimensionName(first),
      wide: true,
      cell: (row) =>
        data.gatheredRows > 0 && row === data.rows.at(-1) ? (
          <span className="quiet">{data.gatheredRows} others</span>
        ) : row.value === '' && first !== 'tenant' ? (
          <span className="quiet">{valueName(first, row.value)}</span>
        ) : (
          <Link className="row-link" to={asked.link('/chargeback/statement', { [first]: row.value, group: null })}>
            {valueName(first, row.value)}
          </Link>
        ),
    },
    {
      name: 'Spend',
      num: true,
      cell: (row) => <b>{fixed(row.shown, currency)}</b>,
      exact: (row) => exact(row.spend, currency),
    },
    ...data.columns.map((column, i) => ({
      name:
        data.gatheredColumns > 0 && i === data.columns.length - 1
          ? `${data.gatheredColumns} others`
          : second
            ? valueName(second, column)
            : column,
      num: true,
      cell: (row: Row) => amount(row.cells[i], currency),
      exact: (row: Row) => exact(row.cells[i]?.spend ?? '0', currency),
    })),
    ...(second ? [] : details(currency, data.frame.asked.before !== null)),
  ];
  const total = data.total;
  const sums = [
    'Total',
    <span data-figure="total" title={exact(total.spend, currency)} key="total">
      {fixed(total.shown, currency)}
    </span>,
    ...total.cells.map((cell) => fixed(cell.shown, currency)),
    ...(second ? [] : totals(total, currency, data.frame.asked.before !== null)),
  ];
  return (
    <Card
      title={second ? `${dimensionName(first)} by ${dimensionName(second).toLowerCase()}` : `By ${dimensionName(first).toLowerCase()}`}
      summary="A name opens its statement: quantity × unit price, line by line, ready to print."
    >
      <DataTable
        label="Chargeback"
        columns={columns}
        rows={data.rows}
        keyOf={(row) => row.value}
        total={sums}
        className={second ? 'pivot' : ''}
      />
    </Card>
  );
}

const amount = (cell: Cell | undefined, currency: string) =>
  cell === undefined || isZero(cell.spend) ? <span className="quiet">–</span> : fixed(cell.shown, currency);

function details(currency: string, compared: boolean): Column<Row>[] {
  return [
    {
      name: 'Share',
      cell: (row) => (
        <span className="share">
          <span className="bar" aria-hidden="true">
            <span style={{ width: `${Math.max(0, Math.min(1, row.share ?? 0)) * 100}%` }} />
          </span>
          <span className="num">{percent(row.share)}</span>
        </span>
      ),
    },
    ...(compared ? [{ name: 'Change', num: true, cell: (row: Row) => <Change value={row.change} /> }] : []),
    { name: 'Requests', num: true, cell: (row) => short(row.requests) },
    { name: 'Unpriced', num: true, cell: (row) => (row.unpriced === 0 ? <span className="quiet">–</span> : `${count(row.unpriced)} ${row.unpriced === 1 ? 'call' : 'calls'}`) },
    { name: 'Saved', title: 'Modelled: baseline less cost', num: true, cell: (row) => (isZero(row.saved) ? <span className="quiet">–</span> : <Saved row={row} currency={currency} />) },
  ];
}

const Saved = ({ row, currency }: { row: Sums; currency: string }) => (
  <span className={row.saved.startsWith('-') ? 'loss' : ''} title={exact(row.saved, currency)}>
    {fixed(Number(row.saved).toFixed(2), currency)}
  </span>
);

function totals(total: Sums, currency: string, compared: boolean) {
  return [
    '',
    ...(compared ? [<Change key="change" value={total.change} />] : []),
    short(total.requests),
    total.unpriced === 0 ? '–' : `${count(total.unpriced)} calls`,
    isZero(total.saved) ? '–' : <Saved key="saved" row={total} currency={currency} />,
  ];
}
