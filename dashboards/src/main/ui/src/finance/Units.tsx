import { useCallback } from 'react';
import { count, exact, money, percent, short, words } from '../frame/format';
import type { Money } from '../frame/format';
import { Link } from '../frame/router';
import { Card } from '../parts/Card';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import { Figure, Figures } from '../parts/Figure';
import type { Frame } from './api';
import { type Asked, dimensionName, valueName } from './asked';
import { Change } from './Change';
import { MoneyPage } from './MoneyPage';
import { Nothing } from './Nothing';
import { isZero, stepWords } from './words';
import { moneyAxes } from './moneyAxes';

interface Unit {
  spend: Money;
  requests: number;
  answered: number;
  outputTokens: number;
  unpriced: number;
  perAnswer: Money | null;
  perMillionOut: Money | null;
  wasted: Money;
  wastedShare: number | null;
}

interface Row {
  value: string;
  now: Unit;
  before: Unit | null;
  change: number | null;
}

interface Point {
  spend: Money;
  answered: number;
  perAnswer: Money | null;
  wasted: Money;
}

interface Waste {
  reason: string;
  overhead: boolean;
  calls: number;
  cost: Money;
  share: number | null;
}

interface Data {
  frame: Frame;
  by: string;
  total: Unit;
  before: Unit | null;
  changes: { perAnswer: number | null; perMillionOut: number | null; wasted: number | null };
  steps: string[];
  series: Point[];
  rows: Row[];
  waste: Waste[];
  tags: string[];
}

/** What does one useful answer cost? */
export function Units() {
  return (
    <MoneyPage<Data>
      title="Unit economics"
      lead="What does one useful answer cost? All spend, failures and overhead included, over the requests that got a whole answer."
      path="/api/money/units"
      grouping={(data) => ({ most: 1, usual: ['route'], tags: data?.tags ?? [] })}
    >
      {(data, asked) =>
        data.total.requests === 0 && isZero(data.total.spend) ? (
          <Nothing />
        ) : (
          <>
            <Tiles data={data} />
            <Trend data={data} />
            <Card title={`By ${dimensionName(data.by).toLowerCase()}`} summary="A name shows this page about it alone.">
              <Rows data={data} asked={asked} />
            </Card>
            <WasteCard data={data} />
          </>
        )
      }
    </MoneyPage>
  );
}

function Tiles({ data }: { data: Data }) {
  const { total, changes } = data;
  const currency = data.frame.currency;
  const price = (amount: Money | null) => (amount === null ? '–' : money(amount, currency));
  return (
    <Figures label="Unit costs">
      <Figure id="per-answer" name="Cost per successful request" value={price(total.perAnswer)} change={changes.perAnswer} better="less">
        {total.perAnswer && exact(total.perAnswer, currency)}
      </Figure>
      <Figure id="per-million" name="Cost per 1M output tokens" value={price(total.perMillionOut)} change={changes.perMillionOut} better="less">
        {short(total.outputTokens)} tokens of output
      </Figure>
      <Figure id="wasted" name="Spent without an answer" value={money(total.wasted, currency)} change={changes.wasted} better="less">
        {percent(total.wastedShare, 2)} of {money(total.spend, currency)}
      </Figure>
      <Figure id="answered" name="Answered in full" value={count(total.answered)}>
        of {count(total.requests)} requests
        {total.unpriced > 0 && <>; {count(total.unpriced)} calls have no price and count as unknown, not as free</>}
      </Figure>
    </Figures>
  );
}

function Trend({ data }: { data: Data }) {
  const currency = data.frame.currency;
  const draw = useCallback((palette: Palette) => option(data, palette), [data]);
  const price = (amount: Money | null) => (amount === null ? '–' : money(amount, currency));
  const columns: Column<number>[] = [
    { name: 'When', cell: (i) => stepWords(data.steps[i] ?? '') },
    {
      name: 'Per successful request',
      num: true,
      cell: (i) => price(data.series[i]?.perAnswer ?? null),
      exact: (i) => (data.series[i]?.perAnswer ? exact(data.series[i].perAnswer, currency) : undefined),
    },
    { name: 'Answered', num: true, cell: (i) => count(data.series[i]?.answered ?? 0) },
    { name: 'Spend on calls', num: true, cell: (i) => money(data.series[i]?.spend ?? '0', currency) },
    { name: 'Without an answer', num: true, cell: (i) => money(data.series[i]?.wasted ?? '0', currency) },
  ];
  return (
    <ChartCard
      title="Cost per successful request"
      summary={`${price(data.total.perAnswer)} on average${data.before?.perAnswer ? `, ${price(data.before.perAnswer)} in the period before` : ''}; calls alone, by ${data.steps[0]?.length === 7 ? 'month' : data.steps[0]?.length === 10 ? 'day' : 'hour'}.`}
      draw={draw}
      table={<DataTable label="Trend as a table" columns={columns} rows={data.steps.map((_, i) => i).reverse()} keyOf={(i) => data.steps[i] ?? ''} tall />}
    />
  );
}

function option(data: Data, palette: Palette): ChartOption {
  const currency = data.frame.currency;
  return {
    animation: false,
    ...moneyAxes(data.steps.map(stepWords), currency, palette),
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? money(String(value), currency) : '–'),
      backgroundColor: palette.ground,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 13 },
      extraCssText: 'border-radius:10px',
      confine: true,
    },
    series: [
      {
        type: 'line',
        name: 'Per successful request',
        // Drawn from rounded numbers; every figure that is read comes from the text.
        data: data.series.map((point) => (point.perAnswer === null ? null : Number(point.perAnswer))),
        connectNulls: false,
        showSymbol: data.series.length < 3,
        lineStyle: { width: 2.4 },
        color: palette.series[0] ?? palette.text,
        areaStyle: { opacity: 0.08 },
      },
    ],
  };
}

function Rows({ data, asked }: { data: Data; asked: Asked }) {
  const currency = data.frame.currency;
  const price = (amount: Money | null) => (amount === null ? <span className="quiet">–</span> : money(amount, currency));
  const columns: Column<Row>[] = [
    {
      name: dimensionName(data.by),
      wide: true,
      cell: (row) =>
        row.value === '' && data.by !== 'tenant' ? (
          <span className="quiet">{valueName(data.by, row.value)}</span>
        ) : (
          <Link className="row-link" to={asked.link('/units', { [data.by]: row.value })}>
            {valueName(data.by, row.value)}
          </Link>
        ),
    },
    {
      name: 'Per success',
      num: true,
      cell: (row) => <b>{price(row.now.perAnswer)}</b>,
      exact: (row) => (row.now.perAnswer ? exact(row.now.perAnswer, currency) : undefined),
    },
    { name: 'Change', num: true, cell: (row) => (row.before === null || row.change === null ? <span className="quiet">–</span> : <Change value={row.change} />) },
    {
      name: 'Per 1M output',
      num: true,
      cell: (row) => price(row.now.perMillionOut),
      exact: (row) => (row.now.perMillionOut ? exact(row.now.perMillionOut, currency) : undefined),
    },
    { name: 'Answered', num: true, cell: (row) => short(row.now.answered) },
    { name: 'Spend', num: true, cell: (row) => money(row.now.spend, currency), exact: (row) => exact(row.now.spend, currency) },
    { name: 'Waste', num: true, cell: (row) => percent(row.now.wastedShare, 2), exact: (row) => exact(row.now.wasted, currency) },
  ];
  return <DataTable label="Unit costs in parts" columns={columns} rows={data.rows} keyOf={(row) => row.value} />;
}

const REASONS: Record<string, string> = {
  primary: 'First calls that failed or were left',
  retry: 'Retries that failed, too',
  fallback: 'Fall-backs that failed, too',
  escalation: 'Escalations that failed',
  cascade: 'Cascade drafts that failed',
  cache_hit: 'Answers from the cache that were left',
};

function WasteCard({ data }: { data: Data }) {
  const currency = data.frame.currency;
  const columns: Column<Waste>[] = [
    {
      name: 'Where it went',
      wide: true,
      cell: (row) => (
        <>
          {row.overhead ? words(row.reason) : (REASONS[row.reason] ?? words(row.reason))}
          <span className={`badge ${row.overhead ? 'info' : 'warn'}`}>{row.overhead ? 'overhead' : 'waste'}</span>
        </>
      ),
    },
    { name: 'Calls', num: true, cell: (row) => count(row.calls) },
    { name: 'Cost', num: true, cell: (row) => <b>{money(row.cost, currency)}</b>, exact: (row) => exact(row.cost, currency) },
    { name: 'Of the spend', num: true, cell: (row) => percent(row.share, 2) },
  ];
  return (
    <Card
      title="Waste and overhead"
      summary="Money for calls that brought no whole answer, and for calls beside the answer: rejected drafts, second opinions, shadows, judges."
    >
      {data.waste.length === 0 ? (
        <p className="quiet">Every call of this period brought its answer.</p>
      ) : (
        <DataTable label="Waste and overhead" columns={columns} rows={data.waste} keyOf={(row) => row.reason} />
      )}
    </Card>
  );
}
