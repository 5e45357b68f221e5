import { exact, money } from '../frame/format';
import { Link, useQuery } from '../frame/router';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Figure, Figures } from '../parts/Figure';
import { type Asked, dimensionName, valueName } from './asked';
import { OpenedIncident, STATES, keyOf } from './Incident';
import { MoneyPage } from './MoneyPage';
import type { Anomalies as Answer, Incident } from './outlook';
import { spanWords } from './words';

const FACTORS: Record<string, string> = {
  REQUESTS: 'requests',
  CALLS_PER_REQUEST: 'calls for each request',
  TOKENS_PER_CALL: 'tokens for each call',
  PRICE_PER_TOKEN: 'cost of a token',
};

/** What is odd? */
export function Anomalies() {
  return (
    <MoneyPage<Answer>
      title="Anomalies"
      lead="What is odd? Hours that cost far more than the same hours of other weeks, and what was different in them."
      path="/api/money/anomalies"
      compares={false}
    >
      {(data, asked, reload) => (
        <>
          <Figures label="What was found">
            <Figure name="Incidents" value={data.incidents.length} id="incidents">
              {data.open} of them open, in {data.scopes} lines of spend: all of it, each tenant’s and each route’s
              {data.unwatched > 0 && `; ${data.unwatched} tenants and routes that spend less are watched in all spend alone`}
              {data.smaller > 0 && `; ${data.smaller} smaller incidents are left out`}
            </Figure>
            <Figure name="Excess" value={money(data.excess, data.frame.currency)} id="excess" tone={data.incidents.length > 0 ? 'bad' : undefined}>
              what they cost beyond what is usual
            </Figure>
            <Figure name="Counts as odd" value={`${data.tolerance} σ`} id="tolerance">
              beyond the median of the same hour in 8 weeks, by their median deviation, and more than {money(data.leastExcess, data.frame.currency)}
            </Figure>
          </Figures>
          <Found data={data} asked={asked} reload={reload} />
        </>
      )}
    </MoneyPage>
  );
}

function Found({ data, asked, reload }: { data: Answer; asked: Asked; reload: () => void }) {
  const [opened, open] = useQuery('incident', '');
  if (data.incidents.length === 0) {
    return (
      <Card
        title="Nothing odd"
        summary={
          data.judgedFrom === null
            ? 'There is too little of a past to tell what is usual: three weeks of spend are needed before the first hour that is judged.'
            : 'Every hour of the period cost about what such hours cost.'
        }
      >
        {null}
      </Card>
    );
  }
  const row = data.incidents.find((one) => keyOf(one) === opened);
  const zone = data.frame.asked.zone;
  return (
    <>
      <Card title="Incidents" summary="Dearest first. The cause is the value that explains most beyond its usual part, and the factor that rose most there.">
        <DataTable
          label="Incidents"
          columns={columns(data, asked, opened, open)}
          rows={data.incidents}
          keyOf={keyOf}
        />
      </Card>
      {row && <OpenedIncident key={opened} row={row} asked={asked} name={where(row)} days={during(row, zone)} reload={reload} />}
    </>
  );
}

function columns(data: Answer, asked: Asked, opened: string, open: (key: string) => void): Column<Incident>[] {
  const currency = data.frame.currency;
  const zone = data.frame.asked.zone;
  return [
    {
      name: 'When',
      cell: (row) => <Link to={asked.link('/changes', during(row, zone))}>{hours(row, zone)}</Link>,
    },
    { name: 'Where', cell: (row) => where(row) },
    { name: 'Cause', wide: true, cell: (row) => <Why row={row} currency={currency} /> },
    { name: 'Usually', num: true, cell: (row) => money(row.expected, currency) },
    { name: 'Actual', num: true, cell: (row) => money(row.actual, currency), exact: (row) => exact(row.actual, currency) },
    { name: 'Excess', num: true, cell: (row) => <b>{money(row.excess, currency)}</b>, exact: (row) => `${row.score.toFixed(1)} σ beyond usual` },
    {
      name: 'State',
      cell: (row) => (
        <button
          type="button"
          className="button small"
          aria-expanded={keyOf(row) === opened}
          aria-label={`${STATES[row.state]}: look at ${where(row)}, ${hours(row, zone)}`}
          onClick={() => open(keyOf(row) === opened ? '' : keyOf(row))}
        >
          {STATES[row.state]}
        </button>
      ),
    },
  ];
}

function Why({ row, currency }: { row: Incident; currency: string }) {
  const parts = row.cause.factors.filter((part) => Math.abs(part.excess) > 0.02 * Math.abs(Number(row.excess)));
  return (
    <>
      {row.sentence}
      <br />
      <span className="quiet">
        {parts.map((part) => `${FACTORS[part.factor]} ${part.excess < 0 ? '' : '+'}${money(part.excess.toFixed(6), currency)}`).join(', ')}
        {row.alsoIn.length > 0 && ` · the same shows in ${row.alsoIn.join(', ')}`}
      </span>
    </>
  );
}

function where(row: Incident): string {
  return row.dimension === null ? 'All spend' : `${dimensionName(row.dimension)} ${valueName(row.dimension, row.value ?? '')}`;
}

/** The days of an incident, as a question to another page. */
function during(row: Incident, zone: string): Record<string, string | null> {
  const day = (iso: string, before: number) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(Date.parse(iso) - before));
  return { period: null, from: day(row.from, 0), to: day(row.to, 1), ...(row.dimension && row.value ? { [row.dimension]: row.value } : {}) };
}

function hours(row: Incident, zone: string): string {
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone });
  const day = spanWords({ from: row.from, to: row.to }, zone);
  const from = clock.format(new Date(row.from));
  return from === '00:00' && !day.includes(':') ? day : `${spanWords({ from: row.from, to: row.from }, zone).split(' – ')[0]}, ${from} – ${clock.format(new Date(row.to))}`;
}
