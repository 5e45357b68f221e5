import { count, exact } from '../frame/format';
import type { Money } from '../frame/format';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import type { Frame } from './api';
import { dimensionName, valueName } from './asked';
import { MoneyPage } from './MoneyPage';
import { Nothing } from './Nothing';
import { fixed, period } from './words';

interface Item {
  model: string;
  vendor: string;
  bucket: string;
  quantity: number | string;
  unitPrice: string | null;
  per: string | null;
  priceVersion: string;
  cost: Money | null;
  shown: string | null;
}

interface Booking {
  day: string;
  kind: string;
  model: string;
  reason: string;
  amount: Money;
  shown: string;
}

interface Data {
  frame: Frame;
  detailed: boolean;
  items: Item[];
  adjustments: Booking[];
  unpriced: number;
  total: Money;
  shown: string;
}

/** What one team or tenant is charged for; made to be printed. */
export function Statement() {
  return (
    <MoneyPage<Data>
      title="Statement"
      lead="What is charged, and for what: quantity × unit price, line by line, with the price version behind each."
      path="/api/money/statement"
      above={[{ to: '/chargeback', name: 'Chargeback' }]}
      compares={false}
      actions={
        <button type="button" className="button primary" onClick={() => print()}>
          Print, or save as PDF
        </button>
      }
    >
      {(data) => (data.items.length + data.adjustments.length === 0 ? <Nothing /> : <Paper data={data} />)}
    </MoneyPage>
  );
}

function Paper({ data }: { data: Data }) {
  const { asked, currency } = data.frame;
  const closed = data.frame.trust.months.every((month) => month.closed);
  const whom = asked.filters.map((one) => `${dimensionName(one.dimension)}: ${one.values.map((value) => valueName(one.dimension, value)).join(', ')}`);
  return (
    <>
      <section className="card statement-head" aria-label="Statement">
        <div>
          <p className="quiet">Charged to</p>
          <p className="statement-whom">{whom.length > 0 ? whom.join(' · ') : 'Everybody'}</p>
          <p className="quiet">
            {period({ ...asked, before: null })} · {closed ? 'final: every month is closed' : 'provisional: a month is still open'}
          </p>
        </div>
        <div className="statement-sum">
          <p className="quiet">Total</p>
          <p className="value" data-figure="total" title={exact(data.total, currency)}>
            {fixed(data.shown, currency)}
          </p>
        </div>
      </section>
      <Card
        title="Use"
        summary={
          data.detailed
            ? 'One line for each kind of use at each price. Amounts are shown so that they add up to the total.'
            : 'By tag, whole calls are kept, not their charge lines; by tenant, route or model each line can be seen.'
        }
      >
        <DataTable label="Charge lines" columns={columns(currency)} rows={data.items} keyOf={key} className="lines" />
      </Card>
      {data.adjustments.length > 0 && (
        <Card title="Corrections" summary="Booked beside calls: credits, true-ups, prices found late, idle machines.">
          <DataTable label="Corrections" columns={corrections(currency)} rows={data.adjustments} keyOf={(row) => JSON.stringify(row)} />
        </Card>
      )}
      {data.unpriced > 0 && (
        <p className="callout warn">
          {count(data.unpriced)} calls have no price yet. They are not charged here; once a price is known, a correction will charge
          them.
        </p>
      )}
    </>
  );
}

const key = (row: Item) => [row.model, row.bucket, row.unitPrice, row.per, row.priceVersion].join(' ');

function columns(currency: string): Column<Item>[] {
  return [
    { name: 'Model', wide: true, cell: (row) => <span className="model">{row.model}</span> },
    { name: 'Use', cell: (row) => row.bucket.replaceAll('_', ' ') },
    { name: 'Quantity', num: true, cell: (row) => quantity(row.quantity) },
    {
      name: 'Unit price',
      num: true,
      cell: (row) => (row.unitPrice === null ? <span className="quiet">–</span> : `${row.unitPrice} / ${per(row.per)}`),
    },
    { name: 'Price version', cell: (row) => <span className="quiet">{row.priceVersion || '–'}</span> },
    {
      name: 'Amount',
      num: true,
      cell: (row) => (row.shown === null ? <span className="badge bad">unpriced</span> : <b>{fixed(row.shown, currency)}</b>),
      exact: (row) => (row.cost === null ? undefined : exact(row.cost, currency)),
    },
  ];
}

function corrections(currency: string): Column<Booking>[] {
  return [
    { name: 'Concerns', cell: (row) => row.day },
    { name: 'Kind', cell: (row) => row.kind.toLowerCase().replaceAll('_', ' ') },
    { name: 'Why', wide: true, cell: (row) => row.reason },
    { name: 'Amount', num: true, cell: (row) => <b>{fixed(row.shown, currency)}</b>, exact: (row) => exact(row.amount, currency) },
  ];
}

const quantity = (value: number | string) => new Intl.NumberFormat('en', { maximumFractionDigits: 9 }).format(Number(value));

const per = (text: string | null) => (text === '1000000' ? '1M' : text === '1000' ? '1k' : (text ?? '1'));
