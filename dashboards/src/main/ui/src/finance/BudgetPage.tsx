import { useState } from 'react';
import { count, exact, money, percent, when } from '../frame/format';
import { Page } from '../frame/Page';
import { ActButton, RightNote } from '../frame/rights';
import { Link, useQuery } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Facts } from '../parts/Facts';
import { Figure, Figures } from '../parts/Figure';
import { Segmented } from '../parts/Segmented';
import { Failure, NotFound, Skeleton } from '../parts/States';
import { dimensionName, valueName } from './asked';
import { ActionForm } from './books/ActionForm';
import { BurnDown } from './BurnDown';
import * as api from './budgets';
import type { BudgetDetail } from './budgets';
import { BudgetBar, inZone, interval, PER, runsOut, sentence, StateBadge, THEN } from './budgetWords';

/** How is this budget spent, and when does it run out? */
export function BudgetPage({ name }: { name: string }) {
  const page = useLoad<BudgetDetail>(`budget:${name}`, (signal) => api.one(name, signal), 15_000);
  const data = page.data;
  if (page.missing) {
    return <NotFound what={`There is no budget ${name}`} back="/budgets" list="To all budgets" />;
  }
  return (
    <Page
      title={name}
      lead={data ? `What ${data.budget.scope === 'all calls' ? 'all calls' : `calls of ${data.budget.scope}`} may cost ${PER[data.budget.per]}, and when it runs out.` : undefined}
      above={[{ to: '/budgets', name: 'Budgets' }]}
      badges={data && <StateBadge budget={data.budget} />}
      busy={data === null}
      actions={
        data && (
          <>
            <Link className="button" to={api.calls(data.budget)}>
              Its calls
            </Link>
            <a className="button" href={api.csv(name)} download>
              CSV
            </a>
          </>
        )
      }
      foot="What is spent is the ledger’s, exact to 12 decimals. Calls to simulated vendors cost nobody anything and never count."
      at={data && page.at}
    >
      {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
      {data === null && !page.error && <Skeleton />}
      {data && (
        <>
          <Standing data={data} />
          <BurnDown data={data} />
          <Spenders data={data} />
          <TopUps data={data} reload={page.reload} />
          <Rules data={data} />
        </>
      )}
    </Page>
  );
}

function Standing({ data }: { data: BudgetDetail }) {
  const { budget, currency } = data;
  const over = budget.overrun !== '0';
  const end = budget.outlook?.end;
  const lasts = budget.resets ? 'to the end of the period' : 'longer than 3 months';
  return (
    <>
      <Figures label="Where the budget stands">
        <Figure name="Spent" value={money(budget.spent, currency)} aside={percent(budget.used)} tone={budget.state === 'overrun' ? 'bad' : undefined} id="budget-spent">
          {exact(budget.spent, currency)}
          {budget.elapsed !== null && `; ${percent(budget.elapsed, 0)} of the ${budget.per} is over`}
        </Figure>
        <Figure
          name={over ? 'Overrun' : 'Left'}
          value={money(over ? budget.overrun : budget.left, currency)}
          tone={over || budget.state === 'used-up' ? 'bad' : undefined}
          id="budget-left"
        >
          {over ? 'More was spent than was granted.' : `Of ${exact(budget.limit, currency)}, ${money(budget.reserved, currency)} set aside for calls under way.`}{' '}
          {budget.resets ? `Begins anew ${inZone(budget.resets, budget.zone)} (${budget.zone}).` : 'It is never renewed.'}
        </Figure>
        <Figure name="Runs out" value={runsOut(budget)} tone={budget.outlook?.runsOut && budget.resets ? 'bad' : undefined} id="budget-runs-out">
          {budget.state === 'used-up' || budget.state === 'overrun' ? 'Nothing is left to spend.' : interval(budget.outlook, lasts)}
        </Figure>
        {end && (
          <Figure name={`At the end of the ${budget.per}`} value={money(end.expected, currency)} id="budget-end">
            80 %: {money(end.lower80, currency)} – {money(end.upper80, currency)}.{' '}
            {budget.outlook?.beyond != null && `More than the limit in ${budget.outlook.beyond > 0.99 ? 'over 99%' : percent(budget.outlook.beyond, 0)} of futures.`}
          </Figure>
        )}
      </Figures>
      <Card title="How much of it is spent" summary={sentence(budget, currency)}>
        <BudgetBar budget={budget} currency={currency} />
        <ul className="legend budget-legend">
          <li>
            <span className="swatch series-1" /> Spent
          </li>
          <li>
            <span className="swatch series-1 hatch" /> Set aside
          </li>
          {budget.elapsed !== null && (
            <li>
              <span className="swatch pace" /> Where an even pace would be now
            </li>
          )}
        </ul>
      </Card>
    </>
  );
}

function Spenders({ data }: { data: BudgetDetail }) {
  const [asked, choose] = useQuery('by', '');
  const shown = data.spenders.find((one) => one.dimension === asked) ?? data.spenders[0];
  if (!shown) {
    return (
      <Card title="Who spends it" summary="Nothing has been spent in this period.">
        {null}
      </Card>
    );
  }
  const first = shown.dearest[0];
  type Row = (typeof shown.dearest)[number];
  const columns: Column<Row>[] = [
    { name: dimensionName(shown.dimension), wide: true, cell: (one) => valueName(shown.dimension, one.name) },
    { name: 'Spent', num: true, cell: (one) => money(one.cost, data.currency), exact: (one) => exact(one.cost, data.currency) },
    { name: 'Share', num: true, cell: (one) => percent(one.share) },
    { name: 'Calls', num: true, cell: (one) => count(one.attempts) },
  ];
  return (
    <Card
      title="Who spends it"
      summary={first ? `${valueName(shown.dimension, first.name)} spends most: ${money(first.cost, data.currency)}, ${percent(first.share)} of it.` : undefined}
      actions={
        <Segmented
          label="Divided by"
          options={data.spenders.map((one) => ({ id: one.dimension, label: dimensionName(one.dimension) }))}
          value={shown.dimension}
          choose={choose}
        />
      }
    >
      <DataTable label={`Who spends it, by ${shown.dimension}`} columns={columns} rows={shown.dearest} keyOf={(one) => one.name} />
    </Card>
  );
}

function TopUps({ data, reload }: { data: BudgetDetail; reload: () => void }) {
  const [granting, setGranting] = useState(false);
  const { budget, currency } = data;
  type Row = BudgetDetail['topUps'][number];
  const columns: Column<Row>[] = [
    { name: 'Granted', cell: (one) => when(one.grantedAt) },
    { name: 'By', cell: (one) => one.by },
    { name: 'Amount', num: true, cell: (one) => money(one.amount, currency), exact: (one) => exact(one.amount, currency) },
    { name: 'Why', wide: true, cell: (one) => one.reason },
    { name: 'Expires', cell: (one) => <>{when(one.expires)} {one.holds ? null : <Badge>expired</Badge>}</> },
  ];
  return (
    <Card
      title="Granted beside it"
      summary={
        data.topUps.length === 0
          ? 'Nothing was granted beside the budget in this period.'
          : `${money(budget.amount, currency)} is the budget; what was granted beside it counts in this period, until it expires.`
      }
      actions={
        <ActButton right="KEEP_BOOKS" className="button" aria-expanded={granting} onClick={() => setGranting(!granting)}>
          Grant money once
        </ActButton>
      }
    >
      <RightNote right="KEEP_BOOKS" />
      {granting && (
        <ActionForm
          label="Grant it"
          act={({ amount = '', ...given }) => api.topUp(budget.name, { ...given, amount: `${amount} ${currency}` })}
          close={() => setGranting(false)}
          done={() => {
            setGranting(false);
            reload();
          }}
        >
          <label>
            Amount, {currency}
            <input name="amount" required inputMode="decimal" pattern="\d{1,7}(\.\d{1,6})?" />
          </label>
          <label>
            Expires (UTC day; else the end of the period)
            <input name="expires" type="date" />
          </label>
        </ActionForm>
      )}
      {data.topUps.length > 0 && <DataTable label="Granted in this period" columns={columns} rows={data.topUps} keyOf={(one) => one.id} />}
    </Card>
  );
}

function Rules({ data }: { data: BudgetDetail }) {
  const { budget, currency } = data;
  type Row = BudgetDetail['alerts'][number];
  const columns: Column<Row>[] = [
    { name: 'Reached', cell: (one) => when(one.reached) },
    { name: 'Threshold', num: true, cell: (one) => percent(one.threshold, 0) },
    { name: 'Spent then', num: true, cell: (one) => money(one.spent, currency), exact: (one) => exact(one.spent, currency) },
    { name: 'Told', wide: true, cell: (one) => (one.delivered ? `sent ${when(one.delivered)}` : one.detail) },
  ];
  const told = budget.thresholds.map((one) => percent(one, 0)).join(', ');
  return (
    <Card title="Its rules and alerts" summary={data.alerts.length === 0 ? 'No threshold has been reached in this period.' : undefined}>
      <Facts
        facts={[
          ['Whose calls', budget.scope],
          ['When it is used up', `${THEN[budget.whenUsedUp]}${budget.downgradeTo.length > 0 ? `: ${budget.downgradeTo.join(', ')}` : ''}`],
          ['Calls that did not fit', `${count(budget.refused)} since the gateway started`],
          ['Thresholds', told === '' ? 'none' : told],
          [
            'Calls without a price',
            `${budget.countsUnpricedAs === null ? (budget.whenUsedUp === 'warn' ? 'pass, and are in no sum' : 'refused') : `count as ${exact(budget.countsUnpricedAs, currency)} each`}; ${count(budget.unpriced)} so far`,
          ],
        ]}
      />
      {data.alerts.length > 0 && <h3 className="budget-sub">Thresholds reached</h3>}
      {data.alerts.length > 0 && <DataTable label="Thresholds reached" columns={columns} rows={data.alerts} keyOf={(one) => `${one.threshold}`} />}
    </Card>
  );
}
