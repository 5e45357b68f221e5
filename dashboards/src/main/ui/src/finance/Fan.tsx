import { useCallback } from 'react';
import { exact, money } from '../frame/format';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import { type Course, type Estimate, type Forecast, plusDays } from './outlook';
import { stepWords } from './words';
import { moneyAxes } from './moneyAxes';

interface Day {
  day: string;
  actual: string | null;
  ahead: Estimate | null;
}

/** What each day cost, and the band in which the days ahead are expected. */
export function Fan({ forecast, course, title, summary }: { forecast: Forecast; course: Course; title: string; summary: string }) {
  const currency = forecast.frame.currency;
  const draw = useCallback((palette: Palette) => option(days(forecast, course), currency, palette), [forecast, course, currency]);
  const columns: Column<Day>[] = [
    { name: 'Day', cell: (row) => stepWords(row.day) },
    { name: 'Actual', num: true, cell: (row) => shown(row.actual, currency), exact: (row) => row.actual ? exact(row.actual, currency) : undefined },
    { name: 'Expected', num: true, cell: (row) => shown(row.ahead?.expected, currency) },
    { name: '80 % from', num: true, cell: (row) => shown(row.ahead?.lower80, currency) },
    { name: 'to', num: true, cell: (row) => shown(row.ahead?.upper80, currency) },
    { name: '95 % from', num: true, cell: (row) => shown(row.ahead?.lower95, currency) },
    { name: 'to ', num: true, cell: (row) => shown(row.ahead?.upper95, currency) },
  ];
  return (
    <ChartCard
      title={title}
      summary={summary}
      draw={draw}
      legend={
        <ul className="legend">
          <li>
            <span className="swatch series-1" /> Actual
          </li>
          <li>
            <span className="swatch series-1 hatch" /> Expected, with the bands that hold 80 % and 95 % of days
          </li>
        </ul>
      }
      table={<DataTable label={`${title} as a table`} columns={columns} rows={days(forecast, course)} keyOf={(row) => row.day} tall />}
    />
  );
}

const shown = (amount: string | null | undefined, currency: string) => (amount == null ? '–' : money(amount, currency));

function days(forecast: Forecast, course: Course): Day[] {
  const past = course.actual.length - 1;
  return Array.from({ length: past + Math.max(1, course.ahead.length) }, (_, i) => ({
    day: plusDays(forecast.historyFrom, i),
    actual: course.actual[i] ?? null,
    ahead: i >= past ? (course.ahead[i - past] ?? null) : null,
  }));
}

function option(rows: Day[], currency: string, palette: Palette): ChartOption {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const colour = palette.series[0] ?? palette.text;
  const today = rows.findIndex((row) => row.ahead !== null);
  const number = (amount: string | undefined) => (amount === undefined ? null : Number(amount));
  // A band is drawn as the distance from its foot.
  const band = (name: string, low: 'lower80' | 'lower95', high: 'upper80' | 'upper95', opacity: number) => [
    {
      type: 'line' as const,
      name: `${name} foot`,
      stack: name,
      data: rows.map((row) => number(row.ahead?.[low])),
      symbol: 'none',
      lineStyle: { opacity: 0 },
      silent: true,
    },
    {
      type: 'line' as const,
      name,
      stack: name,
      data: rows.map((row) => (row.ahead ? Number(row.ahead[high]) - Number(row.ahead[low]) : null)),
      symbol: 'none',
      lineStyle: { opacity: 0 },
      areaStyle: { color: colour, opacity },
      silent: true,
    },
  ];
  const ground = moneyAxes(rows.map((row) => stepWords(row.day)), currency, palette);
  return {
    animation: !calm,
    animationDuration: 350,
    ...ground,
    xAxis: { ...ground.xAxis, boundaryGap: false },
    yAxis: { ...ground.yAxis, min: 0 },
    tooltip: {
      trigger: 'axis',
      className: 'chart-tip',
      backgroundColor: 'transparent',
      borderWidth: 0,
      padding: 0,
      shadowBlur: 0,
      confine: true,
      formatter: (points) => tip(rows[Array.isArray(points) ? (points[0]?.dataIndex ?? 0) : points.dataIndex], currency),
    },
    series: [
      ...band('95 %', 'lower95', 'upper95', 0.1),
      ...band('80 %', 'lower80', 'upper80', 0.16),
      {
        type: 'line',
        name: 'Expected',
        data: rows.map((row) => number(row.ahead?.expected)),
        symbol: 'none',
        lineStyle: { color: colour, width: 2, type: 'dashed' },
      },
      {
        type: 'line',
        name: 'Actual',
        // Today still runs: its part so far is told below the chart, and drawn it would look like a fall.
        data: rows.map((row, i) => (i < today || today < 0 ? number(row.actual ?? undefined) : null)),
        symbol: 'none',
        lineStyle: { color: colour, width: 2 },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: palette.muted, type: 'dotted' },
          label: { formatter: 'today', color: palette.muted },
          data: today < 0 ? [] : [{ xAxis: today }],
        },
      },
    ],
  };
}

/** Built as nodes, not as text: inline styles would be refused by the content policy. */
function tip(row: Day | undefined, currency: string): HTMLElement {
  const box = document.createElement('div');
  box.className = 'tip';
  const head = box.appendChild(document.createElement('div'));
  head.className = 'tip-head';
  head.append(row ? stepWords(row.day) : '');
  const line = (name: string, value: string) => {
    const one = box.appendChild(document.createElement('div'));
    one.className = 'tip-row';
    one.append(name);
    const amount = one.appendChild(document.createElement('span'));
    amount.className = 'tip-value';
    amount.append(value);
  };
  if (row?.actual != null) {
    line(row.ahead ? 'So far' : 'Actual', money(row.actual, currency));
  }
  if (row?.ahead) {
    line('Expected', money(row.ahead.expected, currency));
    line('80 %', `${money(row.ahead.lower80, currency)} – ${money(row.ahead.upper80, currency)}`);
    line('95 %', `${money(row.ahead.lower95, currency)} – ${money(row.ahead.upper95, currency)}`);
  }
  return box;
}
