import { useCallback } from 'react';
import { count, exact, money } from '../frame/format';
import type { Money } from '../frame/format';
import { Link } from '../frame/router';
import { Card } from '../parts/Card';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import type { Frame, Mover } from './api';
import { type Asked, dimensionName, valueName } from './asked';
import { Change } from './Change';
import { MoneyPage } from './MoneyPage';
import { Nothing } from './Nothing';
import { fixed, isZero, spanWords } from './words';

interface Driver {
  effect: string;
  amount: Money;
  shown: string;
  after: Money;
}

interface Data {
  frame: Frame;
  before: Money;
  shownBefore: string;
  now: Money;
  shownNow: string;
  difference: Money;
  shownDifference: string;
  change: number | null;
  requestsBefore: number;
  requests: number;
  summary: string;
  drivers: Driver[];
  movers: { by: string; rows: Mover[] }[];
  unpricedBefore: number;
  unpriced: number;
}

const EFFECTS: Record<string, { name: string; means: string }> = {
  volume: { name: 'Volume', means: 'More or fewer requests, at what one cost before' },
  prompts: { name: 'Prompt length', means: 'Tokens read for each request' },
  answers: { name: 'Answer length', means: 'Tokens generated for each request' },
  price: { name: 'Prices', means: 'Quantity now × (price now − price before), by bucket and price version' },
  cache: { name: 'Cache share', means: 'How prompts divide among fresh, cached and written tokens' },
  mix: { name: 'Model mix', means: 'Other models, tiers and kinds of use; this is also what rounding leaves' },
  waste: { name: 'Waste', means: 'Calls that brought no whole answer' },
  overhead: { name: 'Overhead', means: 'Shadows, judges, classifiers and rejected drafts' },
  adjustments: { name: 'Corrections', means: 'Credits, true-ups, idle machines: booked beside calls' },
};

/** Why is this month dearer than last? */
export function Changes() {
  return (
    <MoneyPage<Data>
      title="Why did it change?"
      lead="Every effect between the two periods; together they are the whole difference, to the last digit."
      path="/api/money/changes"
    >
      {(data, asked) =>
        isZero(data.before) && isZero(data.now) ? (
          <Nothing />
        ) : (
          <>
            <p className="sentence" data-figure="summary">
              {data.summary}
            </p>
            {data.unpriced + data.unpricedBefore > 0 && (
              <p className="callout warn">
                {count(data.unpriced)} calls now and {count(data.unpricedBefore)} before have no price: they are in no sum, so the true
                change may differ.
              </p>
            )}
            <Waterfall data={data} />
            <Movers data={data} asked={asked} />
          </>
        )
      }
    </MoneyPage>
  );
}

const name = (driver: Driver) => EFFECTS[driver.effect]?.name ?? driver.effect;

function Waterfall({ data }: { data: Data }) {
  const { asked, currency } = data.frame;
  const draw = useCallback((palette: Palette) => option(data, palette), [data]);
  const columns: Column<Driver>[] = [
    { name: 'Effect', cell: (row) => <b>{name(row)}</b> },
    { name: 'What it is', wide: true, cell: (row) => <span className="quiet">{EFFECTS[row.effect]?.means}</span> },
    {
      name: 'Amount',
      num: true,
      cell: (row) => (
        <span className={isZero(row.shown) ? 'quiet' : row.shown.startsWith('-') ? 'gain' : 'loss'}>{fixed(row.shown, currency, true)}</span>
      ),
      exact: (row) => exact(row.amount, currency),
    },
  ];
  const before = asked.before ? spanWords(asked.before, asked.zone) : '';
  return (
    <>
      <ChartCard
        title="From then to now"
        summary={`${fixed(data.shownBefore, currency)} (${before}) to ${fixed(data.shownNow, currency)} (${spanWords(asked.span, asked.zone)}).${begin(data) > 0 ? ` The axis begins at ${money(String(begin(data)), currency)}.` : ''}`}
        draw={draw}
        table={<DriverTable columns={columns} data={data} />}
      />
      <Card title="Drivers" summary="Hover an amount for every digit; the exact effects add up as the shown ones do.">
        <DriverTable columns={columns} data={data} />
      </Card>
    </>
  );
}

function DriverTable({ columns, data }: { columns: Column<Driver>[]; data: Data }) {
  return (
    <DataTable
      label="Effects"
      columns={columns}
      rows={data.drivers}
      keyOf={(row) => row.effect}
      total={[
        'Difference',
        <Change key="change" value={data.change} />,
        <span key="sum" data-figure="difference" title={exact(data.difference, data.frame.currency)}>
          {fixed(data.shownDifference, data.frame.currency, true)}
        </span>,
      ]}
    />
  );
}

/** Where the axis begins: at zero, unless the effects could not be seen then. */
function begin(data: Data): number {
  const levels = [data.before, data.now, ...data.drivers.map((driver) => driver.after)].map(Number);
  const low = Math.min(...levels);
  const high = Math.max(...levels);
  if (low <= 0 || low < 0.6 * high) {
    return 0;
  }
  const unit = 10 ** Math.floor(Math.log10(high - low || high));
  return Math.max(0, Math.floor((low - (high - low)) / unit) * unit);
}

function option(data: Data, palette: Palette): ChartOption {
  const currency = data.frame.currency;
  const start = begin(data);
  // On a phone the figures stand in the list beneath.
  const narrow = matchMedia('(max-width: 700px)').matches;
  const drivers = data.drivers.filter((driver) => !isZero(driver.shown));
  const bars = [
    { name: 'Before', low: start, size: Number(data.before) - start, text: fixed(data.shownBefore, currency), colour: palette.muted },
    ...drivers.map((driver) => {
      const amount = Number(driver.amount);
      const after = Number(driver.after);
      return {
        name: name(driver),
        low: Math.min(after, after - amount),
        size: Math.abs(amount),
        text: fixed(driver.shown, currency, true),
        colour: amount > 0 ? palette.bad : palette.good,
      };
    }),
    { name: 'Now', low: start, size: Number(data.now) - start, text: fixed(data.shownNow, currency), colour: palette.series[0] ?? palette.text },
  ];
  return {
    animation: false,
    grid: { left: 4, right: 4, top: 26, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: 'category',
      data: bars.map((bar) => bar.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.muted, fontSize: 12, interval: 0, margin: 12, hideOverlap: false, ...(narrow ? { rotate: 60 } : { width: 74, overflow: 'break', lineHeight: 15 }) },
    },
    yAxis: {
      type: 'value',
      min: start,
      splitNumber: 4,
      splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      axisLabel: { color: palette.muted, fontSize: 12, showMinLabel: start === 0, formatter: (value: number) => money(String(value), currency) },
    },
    tooltip: { show: false },
    series: [
      {
        type: 'bar',
        stack: 'level',
        data: bars.map((bar) => bar.low),
        itemStyle: { color: 'transparent' },
        emphasis: { disabled: true },
        silent: true,
        barMaxWidth: 58,
        barCategoryGap: '24%',
      },
      {
        type: 'bar',
        stack: 'level',
        barMaxWidth: 58,
        emphasis: { disabled: true },
        data: bars.map((bar) => ({ value: bar.size, itemStyle: { color: bar.colour, borderRadius: 3 } })),
        label: {
          show: !narrow,
          position: 'top',
          color: palette.text,
          fontSize: 12,
          formatter: (point) => bars[point.dataIndex]?.text ?? '',
        },
      },
    ],
  };
}

function Movers({ data, asked }: { data: Data; asked: Asked }) {
  const currency = data.frame.currency;
  return (
    <div className="columns">
      {data.movers.map((one) => (
        <Card key={one.by} title={`By ${dimensionName(one.by).toLowerCase()}`} summary="A name shows the same page about it alone.">
          <DataTable
            label={`Movers by ${one.by}`}
            columns={[
              {
                name: dimensionName(one.by),
                wide: true,
                cell: (row: Mover) => (
                  <Link className="row-link" to={asked.link('/changes', { [one.by]: row.value })}>
                    {valueName(one.by, row.value)}
                  </Link>
                ),
              },
              { name: 'Now', num: true, cell: (row) => money(row.now, currency), exact: (row) => exact(row.now, currency) },
              {
                name: 'Difference',
                num: true,
                cell: (row) => signedMoney(row.difference, currency),
                exact: (row) => exact(row.difference, currency),
              },
              { name: 'Change', num: true, cell: (row) => <Change value={row.change} /> },
            ]}
            rows={one.rows}
            keyOf={(row) => row.value}
          />
        </Card>
      ))}
    </div>
  );
}

const signedMoney = (amount: Money, currency: string) => `${amount.startsWith('-') || isZero(amount) ? '' : '+'}${money(amount, currency)}`;
