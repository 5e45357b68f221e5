import { count, duration, exact, money, percent, short } from '../../frame/format';
import { Link, setQuery, usePlace } from '../../frame/router';
import { Badge } from '../../parts/Badge';
import { Card } from '../../parts/Card';
import { type Column, DataTable } from '../../parts/DataTable';
import { Figure, Figures } from '../../parts/Figure';
import type { Asked } from '../asked';
import { Choice } from '../Bar';
import { MoneyPage } from '../MoneyPage';
import type { CapacityData, Engine, Limit, Machine } from './api';
import { BreakEven, Used, Week } from './CapacityCharts';
import { Meter, Net, exactly, orDash } from './words';

/** Do our own machines pay, and how near are vendors' limits? */
export function Capacity() {
  const against = usePlace().query.get('against');
  return (
    <MoneyPage<CapacityData>
      title="Capacity"
      lead="Do our own machines pay, and how often had a vendor no room for us?"
      path="/api/money/capacity"
      more={against ? { against } : {}}
      compares={false}
    >
      {(data, asked) => (
        <>
          {data.machines.length === 0 || data.total.utilisation === null ? <NoMachines data={data} /> : <Own data={data} asked={asked} />}
          {data.machines.length > 0 && <Machines data={data} asked={asked} />}
          <Engines engines={data.engines} />
          <Limits data={data} asked={asked} />
        </>
      )}
    </MoneyPage>
  );
}

function Own({ data, asked }: { data: CapacityData; asked: Asked }) {
  return (
    <>
      <Sentence data={data} />
      <Tiles data={data} asked={asked} />
      <Used data={data} />
      <BreakEven data={data} actions={<Against data={data} />} />
      <Week data={data} />
    </>
  );
}

function Sentence({ data }: { data: CapacityData }) {
  const it = data.total;
  const currency = data.frame.currency;
  const pays = it.gain !== null && !it.gain.startsWith('-');
  return (
    <p className="sentence" data-figure="capacity-summary">
      The house’s machines cost {money(it.whole, currency)}, {money(it.idle, currency)} of it while idle; they worked {percent(it.utilisation)} of the time.
      {it.gain !== null &&
        data.against &&
        ` At ${data.against}’s price the same tokens come to ${orDash(it.bought, currency)}: the machines ${pays ? 'save' : 'cost'} ${money(it.gain.replace('-', ''), currency)}${pays ? '' : ' more'}.`}
    </p>
  );
}

function Tiles({ data, asked }: { data: CapacityData; asked: Asked }) {
  const it = data.total;
  const currency = data.frame.currency;
  return (
    <Figures label="Machines in figures">
      <Figure
        id="capacity-whole"
        name="Machines cost"
        value={
          <Link to={asked.link('/chargeback/statement', { vendor: data.machines.map((one) => one.vendor), compare: null, group: null })}>{money(it.whole, currency)}</Link>
        }
      >
        <span className="digits" data-exact={it.whole}>
          {exact(it.whole, currency)}
        </span>
      </Figure>
      <Figure id="capacity-idle" name="Idle" value={it.utilisation === null ? '–' : percent(1 - it.utilisation)}>
        {money(it.idle, currency)}, a line of the platform’s own, charged to no team
      </Figure>
      <Figure id="capacity-million" name="A million tokens" value={orDash(it.perMillion, currency)}>
        {orDash(it.atFullUse, currency)} without an idle second; {orDash(it.boughtPerMillion, currency)} at {data.against ?? 'a vendor’s price'}
      </Figure>
      <Figure
        id="capacity-break-even"
        name="They pay from"
        value={it.breakEven === null ? '–' : it.breakEven > 1 ? 'never' : percent(it.breakEven)}
        tone={it.breakEven === null || it.utilisation === null ? undefined : it.utilisation >= it.breakEven ? 'good' : 'bad'}
      >
        {it.breakEven === null
          ? 'Nothing to compare with.'
          : it.breakEven > 1
            ? 'At this speed they are dearer even when they never rest.'
            : `of the time in use; they were used ${percent(it.utilisation)}`}
      </Figure>
    </Figures>
  );
}

function Against({ data }: { data: CapacityData }) {
  return (
    <Choice label="Against" value={data.against ?? ''} choose={(model) => setQuery({ against: model || null })}>
      {data.against !== null && !data.comparable.includes(data.against) && <option value={data.against}>{data.against}</option>}
      {data.comparable.map((model) => (
        <option key={model} value={model}>
          {model}
        </option>
      ))}
    </Choice>
  );
}

function NoMachines({ data }: { data: CapacityData }) {
  return (
    <Card title="No machine of the house has a price">
      <p>
        {data.machines.length === 0
          ? 'Every model is somebody else’s.'
          : 'Models run on machines of the house, and nobody stated what an hour of these costs: their tokens are booked as free.'}{' '}
        With an <code>hourly-cost</code> on the vendor, a rate or what makes it up (capital, months of life, power, electricity, hosting), each call is charged its seconds, and the idle rest is a line of its own.
      </p>
    </Card>
  );
}

/** Of a machine whose time nobody booked, the cost is not known. */
const booked = (row: Machine, amount: string, currency: string) => (row.use.utilisation === null ? '–' : money(amount, currency));

function Machines({ data, asked }: { data: CapacityData; asked: Asked }) {
  const currency = data.frame.currency;
  const columns: Column<Machine>[] = [
    {
      name: 'Machines of',
      wide: true,
      cell: (row) => (
        <span className="two-lines">
          <Link className="row-link" to={asked.link('/requests', { vendor: row.vendor, compare: null, group: null })}>
            {row.vendor}
          </Link>
          <span className="quiet">{row.models.length === 0 ? 'not called' : row.models.join(', ')}</span>
        </span>
      ),
    },
    {
      name: 'An hour',
      num: true,
      cell: (row) => (row.perHour === null ? <Badge title="vendors: …: {hourly-cost: 2.10 USD}">not stated</Badge> : money(row.perHour, currency)),
      exact: (row) => exactly(row.perHour, currency),
    },
    { name: 'In use', cell: (row) => <Meter share={row.use.utilisation} label={percent(row.use.utilisation)} mark={row.use.breakEven} /> },
    { name: 'Charged', num: true, cell: (row) => booked(row, row.use.charged, currency), exact: (row) => exact(row.use.charged, currency) },
    { name: 'Idle', num: true, cell: (row) => booked(row, row.use.idle, currency), exact: (row) => exact(row.use.idle, currency) },
    { name: 'Whole', num: true, cell: (row) => <b>{booked(row, row.use.whole, currency)}</b>, exact: (row) => exact(row.use.whole, currency) },
    {
      name: 'Tokens',
      num: true,
      title: 'In and out; beneath it tokens of answers for each second in use',
      cell: (row) => (
        <span className="two-lines">
          {short(row.use.inputTokens + row.use.outputTokens)}
          <span className="quiet">{row.tokensPerSecond === null ? '' : `${short(row.tokensPerSecond)} a second`}</span>
        </span>
      ),
    },
    { name: 'A million', num: true, title: 'Tokens, in and out, idle time included', cell: (row) => orDash(row.use.perMillion, currency), exact: (row) => exactly(row.use.perMillion, currency) },
    { name: 'Saved', num: true, title: 'Against buying the same tokens', cell: (row) => (row.use.gain === null ? '–' : <Net amount={row.use.gain} currency={currency} />), exact: (row) => exactly(row.use.gain, currency) },
  ];
  return (
    <Card
      title="Machine by machine"
      summary="Seconds with a request are charged to it, the rest is idle and booked every ten minutes. A machine is shown whole: of the filters above only the vendor narrows it. The mark on a bar is where it begins to pay."
    >
      <DataTable label="Machines of the house" columns={columns} rows={data.machines} keyOf={(row) => row.vendor} />
    </Card>
  );
}

function Engines({ engines }: { engines: Engine[] }) {
  const columns: Column<Engine>[] = [
    { name: 'Model', wide: true, cell: (row) => row.model },
    { name: 'State', cell: (row) => <Badge tone={row.state === 'ready' ? 'good' : row.state === 'failed' ? 'bad' : 'plain'}>{row.state.replaceAll('_', ' ')}</Badge> },
    { name: 'Tokens a second', num: true, title: 'Drawn over the last seconds in which there was work', cell: (row) => (row.load?.tokensPerSecond == null ? '–' : row.load.tokensPerSecond.toFixed(1)) },
    { name: 'Running', num: true, cell: (row) => (row.load ? count(row.load.running) : '–') },
    { name: 'Waiting', num: true, cell: (row) => (row.load ? count(row.load.waiting) : '–') },
    { name: 'Room for', num: true, title: 'Requests that may come before one is refused', cell: (row) => (row.load ? count(row.load.free) : '–') },
    { name: 'At once', num: true, title: 'Requests in a step, on average', cell: (row) => (row.load?.batchMean == null ? '–' : row.load.batchMean.toFixed(1)) },
    { name: 'Queue', num: true, title: 'How long a request that comes now will probably wait', cell: (row) => (row.load ? duration(row.load.queueMillis) : '–') },
    { name: 'First token', num: true, title: 'Half of the last requests', cell: (row) => duration(row.load?.firstTokenMillis ?? null) },
    { name: 'Refused', num: true, title: 'As busy, since it was loaded', cell: (row) => (row.load ? count(row.load.refused) : '–') },
  ];
  return (
    <Card title="Engines in this process, now" summary="As they are at this moment, whatever period is chosen above.">
      {engines.length === 0 ? (
        <p className="quiet">No model runs in this process.</p>
      ) : (
        <DataTable label="Engines in this process" columns={columns} rows={engines} keyOf={(row) => row.model} />
      )}
    </Card>
  );
}

function Limits({ data, asked }: { data: CapacityData; asked: Asked }) {
  const busy = data.limits.reduce((sum, one) => sum + one.busy, 0);
  const columns: Column<Limit>[] = [
    {
      name: 'Model',
      wide: true,
      cell: (row) => (
        <Link className="row-link" to={asked.link('/models', { of: row.model, compare: null, group: null })}>
          {row.model}
        </Link>
      ),
    },
    {
      name: 'No room (429)',
      num: true,
      cell: (row) =>
        row.busy === 0 ? (
          <span className="quiet">none</span>
        ) : (
          <Link to={asked.link('/requests', { model: row.model, state: 'FAILED', compare: null, group: null })}>
            {count(row.busy)} ({percent(row.busyShare, 2)})
          </Link>
        ),
    },
    { name: 'In hours', num: true, title: 'Hours with at least one of them', cell: (row) => (row.busy === 0 ? '' : count(row.busyHours)) },
    { name: 'Asked again', num: true, title: 'Retries', cell: (row) => count(row.retries) },
    { name: 'Calls', num: true, cell: (row) => count(row.calls) },
    { name: 'Busiest hour', num: true, title: 'Calls in the hour with most of them', cell: (row) => `${count(row.busiestCalls)} calls` },
    { name: 'Most tokens', num: true, title: 'In and out, in the hour with most of them', cell: (row) => `${short(row.busiestTokens)} an hour` },
    { name: 'At once', num: true, title: 'Calls under way at the same time, on average; within 2.5 %', cell: (row) => (row.atOnce === null ? '–' : row.atOnce < 0.01 ? '< 0.01' : row.atOnce.toFixed(2)) },
  ];
  return (
    <Card
      title="Vendors’ limits"
      summary={`${busy === 0 ? 'No vendor refused a call as too many' : `Vendors refused ${count(busy)} calls as too many (429)`}. What a vendor allows is in its contract, not in the ledger: the busiest hours show what it did take.`}
    >
      <DataTable label="Vendors’ limits by model" columns={columns} rows={data.limits} keyOf={(row) => `${row.model} ${row.vendor}`} tall />
    </Card>
  );
}
