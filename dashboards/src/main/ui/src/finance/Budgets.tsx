import { count, exact, money, percent } from '../frame/format';
import { Page } from '../frame/Page';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Figure, Figures } from '../parts/Figure';
import { Empty, Failure, Skeleton } from '../parts/States';
import * as api from './budgets';
import type { Budget, BudgetList } from './budgets';
import { BudgetBar, inZone, interval, PER, runsOut, StateBadge } from './budgetWords';
import { Commitments } from './Commitments';

const EXAMPLE = `budgets:
  team-search:
    scope: {team: search}
    amount: 500 USD
    per: month`;

/** Who will break a budget, and when? */
export function Budgets() {
  const page = useLoad<BudgetList>('budgets', api.list, 15_000);
  const data = page.data;
  return (
    <Page
      title="Budgets"
      lead="Who will break a budget, and when?"
      busy={data === null}
      actions={
        <a className="button" href={api.csv()} download>
          CSV
        </a>
      }
      foot="What is spent is the ledger’s, exact to 12 decimals; what is set aside is the worst case of calls under way."
      at={data && page.at}
    >
      {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
      {data === null && !page.error && <Skeleton />}
      {data && (data.budgets.length === 0 ? <None /> : <All data={data} />)}
      {data && <Commitments />}
    </Page>
  );
}

function None() {
  return (
    <Empty title="Nobody has a budget yet" command={EXAMPLE}>
      <p>State one in pareto.yaml. It holds from the next call on: what a call may cost at most is set aside before it is made.</p>
    </Empty>
  );
}

function All({ data }: { data: BudgetList }) {
  const broken = data.budgets.filter((one) => one.state === 'overrun' || one.state === 'used-up');
  const risk = data.budgets.filter((one) => !broken.includes(one) && one.outlook?.runsOut && one.per !== 'total');
  const next = [...risk].sort((a, b) => String(a.outlook?.runsOut).localeCompare(String(b.outlook?.runsOut)))[0];
  const refused = data.budgets.reduce((sum, one) => sum + one.refused, 0);
  return (
    <>
      <Figures label="All budgets at a glance">
        <Figure name="Budgets" value={count(data.budgets.length)} id="budgets" />
        <Figure name="Used up or overrun" value={count(broken.length)} tone={broken.length > 0 ? 'bad' : 'good'} id="broken">
          {broken.length > 0 ? broken.map((one) => one.name).join(', ') : 'None.'}
        </Figure>
        <Figure name="Will run out in time" value={count(risk.length)} tone={risk.length > 0 ? 'bad' : 'good'} id="at-risk">
          {next ? `${next.name} first, on ${runsOut(next)}. ${interval(next.outlook, 'to the end of its period')}` : 'Each is expected to last until it begins anew.'}
        </Figure>
        <Figure name="Calls that did not fit" value={count(refused)} id="refused">
          In the running periods, since the gateway started.
        </Figure>
      </Figures>
      <Card title="Every budget" summary={summary(data, broken, risk)}>
        <ul className="legend">
          <li>
            <span className="swatch series-1" /> Spent
          </li>
          <li>
            <span className="swatch series-1 hatch" /> Set aside
          </li>
          <li>
            <span className="swatch pace" /> Where an even pace would be now
          </li>
        </ul>
        <DataTable
          label="Budgets, those in trouble first"
          className="budgets"
          columns={columns(data.currency)}
          rows={data.budgets}
          keyOf={(one) => one.name}
          to={(one) => `/budgets/${encodeURIComponent(one.name)}`}
        />
      </Card>
    </>
  );
}

function summary(data: BudgetList, broken: Budget[], risk: Budget[]): string {
  if (broken.length + risk.length === 0) {
    return `All ${data.budgets.length} last until they begin anew, as far as can be foreseen.`;
  }
  return `${broken.length} of ${data.budgets.length} ${broken.length === 1 ? 'is' : 'are'} used up or overrun, ${risk.length} more will run out before ${risk.length === 1 ? 'it begins' : 'they begin'} anew.`;
}

function columns(currency: string): Column<Budget>[] {
  return [
    {
      name: 'Budget',
      wide: true,
      cell: (one) => (
        <span className="named">
          <Link to={`/budgets/${encodeURIComponent(one.name)}`}>{one.name}</Link>
          <span className="quiet">{one.scope}</span>
        </span>
      ),
    },
    { name: 'State', cell: (one) => <StateBadge budget={one} /> },
    {
      name: 'Used',
      wide: true,
      cell: (one) => (
        <span className="budget-used">
          <BudgetBar budget={one} currency={currency} />
          <span className="num">{percent(one.used, 0)}</span>
        </span>
      ),
    },
    { name: 'Spent', num: true, cell: (one) => money(one.spent, currency), exact: (one) => exact(one.spent, currency) },
    { name: 'Set aside', num: true, cell: (one) => money(one.reserved, currency), exact: (one) => exact(one.reserved, currency) },
    {
      name: 'Left',
      num: true,
      cell: (one) => (one.overrun === '0' ? money(one.left, currency) : `${money(one.overrun, currency)} over`),
      exact: (one) => exact(one.left, currency),
    },
    { name: 'Of', num: true, cell: (one) => `${money(one.limit, currency)} ${PER[one.per]}`, exact: (one) => exact(one.limit, currency) },
    { name: 'Runs out', title: 'In half of the futures looked at it is spent by then', cell: (one) => runsOut(one), exact: (one) => interval(one.outlook, 'to the end of its period') },
    { name: 'Begins anew', cell: (one) => (one.resets ? inZone(one.resets, one.zone).slice(0, -7) : 'never'), exact: (one) => (one.resets ? `${inZone(one.resets, one.zone)} ${one.zone}` : undefined) },
  ];
}
