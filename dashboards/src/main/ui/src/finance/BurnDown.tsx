import { useCallback } from 'react';
import { exact, money } from '../frame/format';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import type { Ahead, BudgetDetail, Step } from './budgets';
import { interval, runsOut, sentence } from './budgetWords';
import { moneyAxes } from './moneyAxes';
import { stepWords } from './words';

interface Row {
  at: string;
  step: Step | null;
  ahead: Ahead | null;
  even: string | null;
}

/** What is left after each step, against the even pace, and the band in which it is expected. */
export function BurnDown({ data }: { data: BudgetDetail }) {
  const { budget, currency } = data;
  const draw = useCallback((palette: Palette) => option(rows(data), data, palette), [data]);
  const columns: Column<Row>[] = [
    { name: budget.per === 'day' ? 'Hour' : 'Day', cell: (row) => stepWords(row.at) },
    { name: 'Spent', num: true, cell: (row) => shown(row.step?.cost, currency), exact: (row) => (row.step ? exact(row.step.cost, currency) : undefined) },
    { name: 'Left at its end', num: true, cell: (row) => shown(row.step?.left, currency), exact: (row) => (row.step ? exact(row.step.left, currency) : undefined) },
    { name: 'Even pace', num: true, cell: (row) => shown(row.even, currency) },
    { name: 'Expected left', num: true, cell: (row) => shown(row.ahead?.left.expected, currency) },
    { name: '80 % from', num: true, cell: (row) => shown(row.ahead?.left.lower80, currency) },
    { name: 'to', num: true, cell: (row) => shown(row.ahead?.left.upper80, currency) },
  ];
  const out = runsOut(budget);
  const foreseen = budget.outlook?.why || out === 'now' ? '' : out === 'lasts' ? ' It is expected to last.' : ` Runs out: ${out}. ${interval(budget.outlook, 'to the end of the period')}`;
  return (
    <ChartCard
      title={budget.per === 'day' ? 'What is left, hour by hour' : 'What is left, day by day'}
      summary={`${sentence(budget, currency)}${foreseen}`}
      draw={draw}
      legend={
        <ul className="legend">
          <li>
            <span className="swatch series-1" /> Left
          </li>
          {data.ahead.length > 0 && (
            <li>
              <span className="swatch series-1 hatch" /> Expected, with the band that holds 80 % of futures
            </li>
          )}
          {budget.resets && (
            <li>
              <span className="swatch dots" /> Even pace
            </li>
          )}
          <li>
            <span className="swatch zero" /> Nothing left
          </li>
        </ul>
      }
      table={<DataTable label="What is left, as a table" columns={columns} rows={rows(data)} keyOf={(row) => row.at} tall />}
    />
  );
}

const shown = (amount: string | null | undefined, currency: string) => (amount == null ? '–' : money(amount, currency));

function rows(data: BudgetDetail): Row[] {
  const all = new Map<string, Row>();
  data.steps.forEach((step) => all.set(step.at, { at: step.at, step, ahead: null, even: step.even }));
  data.ahead.forEach((ahead) => {
    const row = all.get(ahead.at);
    all.set(ahead.at, { at: ahead.at, step: row?.step ?? null, ahead, even: row?.even ?? ahead.even });
  });
  return [...all.values()];
}

function option(all: Row[], data: BudgetDetail, palette: Palette): ChartOption {
  const currency = data.currency;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const colour = palette.series[0] ?? palette.text;
  const number = (amount: string | null | undefined) => (amount == null ? null : Number(amount));
  // Today still runs: what is expected of it begins where the last whole day ended.
  const begins = data.ahead.length > 0 && data.steps.length > 1 ? data.steps.length - 2 : -1;
  const last = data.steps.at(begins < 0 ? -1 : -2)?.at;
  const from = (i: number, row: Row, value: string | null | undefined) => number(i === begins ? row.step?.left : value);
  const ground = moneyAxes(all.map((row) => stepWords(row.at)), currency, palette);
  const low = all.map((row, i) => from(i, row, row.ahead?.left.lower80));
  const high = all.map((row, i) => from(i, row, row.ahead?.left.upper80));
  return {
    animation: !calm,
    animationDuration: 350,
    ...ground,
    xAxis: { ...ground.xAxis, boundaryGap: false, axisLine: { ...ground.xAxis.axisLine, onZero: false } },
    tooltip: {
      trigger: 'axis',
      className: 'chart-tip',
      backgroundColor: 'transparent',
      borderWidth: 0,
      padding: 0,
      shadowBlur: 0,
      confine: true,
      formatter: (points) => tip(all[Array.isArray(points) ? (points[0]?.dataIndex ?? 0) : points.dataIndex], currency),
    },
    series: [
      {
        type: 'line',
        name: 'foot',
        stack: 'band',
        stackStrategy: 'all',
        data: low,
        symbol: 'none',
        lineStyle: { opacity: 0 },
        silent: true,
      },
      {
        type: 'line',
        name: '80 %',
        stack: 'band',
        stackStrategy: 'all',
        data: high.map((value, i) => (value === null ? null : value - (low[i] ?? value))),
        symbol: 'none',
        lineStyle: { opacity: 0 },
        areaStyle: { color: colour, opacity: 0.16 },
        silent: true,
      },
      {
        type: 'line',
        name: 'Even pace',
        data: all.map((row) => number(row.even)),
        symbol: 'none',
        lineStyle: { color: palette.muted, width: 1.5, type: 'dotted' },
      },
      {
        type: 'line',
        name: 'Expected',
        data: all.map((row, i) => from(i, row, row.ahead?.left.expected)),
        symbol: 'none',
        lineStyle: { color: colour, width: 2, type: 'dashed' },
      },
      {
        type: 'line',
        name: 'Left',
        data: all.map((row, i) => (begins >= 0 && i > begins ? null : number(row.step?.left))),
        symbol: 'none',
        lineStyle: { color: colour, width: 2.5 },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          data: [
            { yAxis: 0, lineStyle: { color: palette.bad, type: 'solid', width: 1.5 } },
            ...(last ? [{ xAxis: stepWords(last), lineStyle: { color: palette.muted, type: 'dotted' as const } }] : []),
          ],
        },
      },
    ],
  };
}

/** Built as nodes, not as text: inline styles would be refused by the content policy. */
function tip(row: Row | undefined, currency: string): HTMLElement {
  const box = document.createElement('div');
  box.className = 'tip';
  const head = box.appendChild(document.createElement('div'));
  head.className = 'tip-head';
  head.append(row ? stepWords(row.at) : '');
  const line = (name: string, value: string) => {
    const one = box.appendChild(document.createElement('div'));
    one.className = 'tip-row';
    one.append(name);
    const amount = one.appendChild(document.createElement('span'));
    amount.className = 'tip-value';
    amount.append(value);
  };
  if (row?.step) {
    line(row.ahead ? 'Spent so far' : 'Spent', money(row.step.cost, currency));
    line(row.ahead ? 'Left now' : 'Left', money(row.step.left, currency));
  }
  if (row?.even) {
    line('Even pace', money(row.even, currency));
  }
  if (row?.ahead) {
    line('Expected left', money(row.ahead.left.expected, currency));
    line('80 %', `${money(row.ahead.left.lower80, currency)} – ${money(row.ahead.left.upper80, currency)}`);
  }
  return box;
}
