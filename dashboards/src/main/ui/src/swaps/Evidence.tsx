import { useCallback } from 'react';
import { count, percent, points, time } from '../frame/format';
import { ChartCard } from '../parts/ChartCard';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import type { GuardView, Point, Story } from './api';
import { Way } from './Alarm';
import { guardName } from './words';
import { SeriesLegend } from './SeriesLegend';

/** E-values are shown by their decimal order: 1, 10, 100 … */
const order = (ln: number) => ln / Math.LN10;

const figures = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const UP = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const power = (ten: number) => `10${String(ten).replace(/\d/g, (digit) => UP[Number(digit)] ?? '')}`;

function value(ln: number): string {
  const ten = order(ln);
  if (ten < -2) {
    return 'under 0.01';
  }
  return ten < 9 ? figures.format(10 ** ten) : `over ${power(Math.floor(ten))}`;
}

/** How the evidence against the candidate grew, guard by guard, beside the line at which traffic goes back. */
export function Evidence({ story }: { story: Story }) {
  const { trace, swap } = story;
  const names = [...new Set(trace.flatMap((point) => Object.keys(point.guards)))].sort();
  const threshold = swap.guards[0]?.logThreshold ?? null;
  const draw = useCallback(
    (palette: Palette) => option(trace, names, threshold, palette),
    [trace, names.join(' '), threshold],
  );
  if (trace.length === 0) {
    return (
      <Card title="Evidence against the candidate over time">
        <p className="quiet">Nothing was watched yet: guards begin with the first answer of the candidate, in shadow or live.</p>
      </Card>
    );
  }
  return (
    <ChartCard
      title="Evidence against the candidate over time"
      summary={words(trace, threshold)}
      draw={draw}
      legend={<SeriesLegend names={names} label={guardName} />}
      table={<TraceTable trace={trace} names={names} />}
    />
  );
}

function words(trace: Point[], threshold: number | null): string {
  const newest = trace[trace.length - 1];
  const [guard, statistic] = Object.entries(newest?.guards ?? {}).sort((one, other) => other[1] - one[1])[0] ?? [];
  if (guard === undefined || statistic === undefined || threshold === null) {
    return 'No guard has seen anything that speaks against it.';
  }
  const reached = statistic >= threshold;
  return (
    `The e-value of each guard; at ${value(threshold)} all traffic goes back at once. ` +
    (reached
      ? `${guardName(guard)} reached it, at ${value(statistic)}.`
      : `The highest now is ${value(Math.max(statistic, -9))} (${guardName(guard).toLowerCase()}).`)
  );
}

function TraceTable({ trace, names }: { trace: Point[]; names: string[] }) {
  const columns: Column<Point>[] = [
    { name: 'At', cell: (point) => time(point.at), exact: (point) => point.at },
    { name: 'State', cell: (point) => point.state.toLowerCase().replace('_', ' ') },
    { name: 'Seen', num: true, cell: (point) => count(point.seen) },
    ...names.map((name) => ({
      name,
      num: true,
      cell: (point: Point) => (point.guards[name] === undefined ? '–' : value(point.guards[name])),
    })),
  ];
  return (
    <DataTable
      label="Evidence over time as a table"
      columns={columns}
      rows={[...trace].reverse()}
      keyOf={(point) => `${point.at} ${point.seen}`}
      tall
    />
  );
}

function option(trace: Point[], names: string[], threshold: number | null, palette: Palette): ChartOption {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const top = Math.max(threshold === null ? 1 : order(threshold), ...trace.flatMap((point) => Object.values(point.guards).map(order)));
  return {
    animation: !calm,
    animationDuration: 300,
    grid: { left: 4, right: 8, top: 22, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: 'time',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true, margin: 12 },
    },
    yAxis: {
      type: 'value',
      min: -1,
      max: Math.ceil(top) + 0.5,
      interval: Math.max(1, Math.ceil((top + 1) / 6)),
      splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      axisLabel: {
        color: palette.muted,
        fontSize: 12,
        formatter: (ten: number) => (!Number.isInteger(ten) ? '' : ten < 4 ? figures.format(10 ** ten) : power(ten)),
      },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: palette.muted } },
      className: 'chart-tip',
      backgroundColor: 'transparent',
      borderWidth: 0,
      padding: 0,
      shadowBlur: 0,
      confine: true,
      formatter: (items) => tip(trace, names, Array.isArray(items) ? (items[0]?.dataIndex ?? 0) : items.dataIndex),
    },
    series: names.map((name, i) => ({
      type: 'line',
      name,
      step: 'end',
      showSymbol: trace.length < 40,
      symbolSize: 5,
      lineStyle: { width: 2 },
      color: palette.series[i % 8] ?? palette.muted,
      // What speaks for the candidate is as good as nothing: the line rests at the bottom.
      data: trace.map((point) => [point.at, point.guards[name] === undefined ? null : Math.max(-1, order(point.guards[name]))]),
      ...(i === 0 &&
        threshold !== null && {
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            lineStyle: { color: palette.bad, type: 'dashed' as const, width: 1.5 },
            label: { formatter: 'alarm', color: palette.bad, position: 'insideEndTop' as const },
            data: [{ yAxis: order(threshold) }],
          },
        }),
    })),
  };
}

/** Built as nodes, not as text: inline styles would be refused by the content policy. */
function tip(trace: Point[], names: string[], index: number): HTMLElement {
  const box = document.createElement('div');
  box.className = 'tip';
  const point = trace[index];
  const head = box.appendChild(document.createElement('div'));
  head.className = 'tip-head';
  head.append(point ? time(point.at) : '');
  names.forEach((name, i) => {
    const row = box.appendChild(document.createElement('div'));
    row.className = 'tip-row';
    const swatch = row.appendChild(document.createElement('span'));
    swatch.className = `swatch series-${(i % 8) + 1}`;
    row.append(guardName(name));
    const shown = row.appendChild(document.createElement('span'));
    shown.className = 'tip-value';
    const ln = point?.guards[name];
    shown.append(ln === undefined ? '–' : value(ln));
  });
  return box;
}

/** A guard as the table shows it: pairs have a difference where others have a share. */
interface Row {
  guard: string;
  now: string;
  atMost: string;
  seen: number;
  logStatistic: number | null;
  logThreshold: number;
}

const row = (guard: GuardView): Row => ({
  ...guard,
  now: guard.seen === 0 ? '–' : percent(guard.bad / guard.seen),
  atMost: percent(guard.atMost),
});

/** Live answers graded on both models guard against drift. */
function rows({ guards, pairs, exitMargin }: Story['swap']): Row[] {
  const drift = pairs && {
    guard: 'drift',
    now: `${points(pairs.difference)} pp`,
    atMost: `${points(-exitMargin)} pp`,
    seen: pairs.pairs,
    logStatistic: pairs.logDrift,
    logThreshold: pairs.logThreshold,
  };
  return [...guards.map(row), ...(drift ? [drift] : [])];
}

const GUARDS: Column<Row>[] = [
  { name: 'Guard', wide: true, cell: (guard) => guardName(guard.guard) },
  { name: 'Bad so far', num: true, cell: (guard) => guard.now },
  { name: 'Still good at', num: true, title: 'A candidate whose share of bad requests is at most this is healthy', cell: (guard) => guard.atMost },
  { name: 'Seen', num: true, cell: (guard) => count(guard.seen) },
  {
    name: 'On the way to an alarm',
    cell: (guard) =>
      guard.logStatistic === null ? (
        <span className="quiet">nothing seen yet</span>
      ) : (
        <Way guard={value(guard.logStatistic)} way={guard.logStatistic / guard.logThreshold} />
      ),
  },
];

/** What each guard has seen. */
export function Guards({ story: { swap } }: { story: Story }) {
  return (
    <Card
      title="Guards"
      summary={
        swap.pairs
          ? `Live answers graded on both models: ${count(swap.pairs.pairs)} pairs, the candidate ${points(swap.pairs.difference)} points.`
          : 'What takes traffic back by itself, at once and without anybody’s consent.'
      }
    >
      <DataTable label="Guards" columns={GUARDS} rows={rows(swap)} keyOf={(guard) => guard.guard} />
    </Card>
  );
}
