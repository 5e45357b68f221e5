import { type ReactNode, useCallback } from 'react';
import { exact, money, percent } from '../../frame/format';
import { Card } from '../../parts/Card';
import { ChartCard } from '../../parts/ChartCard';
import { type Column, DataTable } from '../../parts/DataTable';
import type { ChartOption, Palette } from '../../parts/Drawing';
import { moneyAxes } from '../moneyAxes';
import { stepWords } from '../words';
import type { CapacityData, Cell } from './api';
import { exactly, orDash } from './words';

const tooltip = (palette: Palette, words: (value: number) => string) => ({
  trigger: 'axis' as const,
  valueFormatter: (value: unknown) => (typeof value === 'number' ? words(value) : '–'),
  backgroundColor: palette.ground,
  borderColor: palette.line,
  textStyle: { color: palette.text, fontSize: 13 },
  extraCssText: 'border-radius:10px',
  confine: true,
});

/** What was charged to calls and what nobody used, step by step. */
export function Used({ data }: { data: CapacityData }) {
  const currency = data.frame.currency;
  const draw = useCallback((palette: Palette) => used(data, palette), [data]);
  const columns: Column<number>[] = [
    { name: 'When', cell: (i) => stepWords(data.steps[i] ?? '') },
    { name: 'In use', num: true, cell: (i) => percent(data.series[i]?.utilisation ?? null) },
    { name: 'Charged', num: true, cell: (i) => money(data.series[i]?.charged ?? '0', currency), exact: (i) => exact(data.series[i]?.charged ?? '0', currency) },
    { name: 'Idle', num: true, cell: (i) => money(data.series[i]?.idle ?? '0', currency), exact: (i) => exact(data.series[i]?.idle ?? '0', currency) },
  ];
  return (
    <ChartCard
      title="Used and idle"
      summary={`${money(data.total.charged, currency)} was charged to calls and ${money(data.total.idle, currency)} to nobody.`}
      draw={draw}
      legend={
        <ul className="legend">
          <li>
            <span className="swatch series-1" /> Charged to calls
          </li>
          <li>
            <span className="swatch series-2 hatch" /> Idle
          </li>
        </ul>
      }
      table={<DataTable label="Used and idle, as a table" columns={columns} rows={data.steps.map((_, i) => i).reverse()} keyOf={(i) => data.steps[i] ?? ''} tall />}
    />
  );
}

function used(data: CapacityData, palette: Palette): ChartOption {
  const currency = data.frame.currency;
  const bars = (name: string, values: string[], colour: string | undefined, hatched: boolean) => ({
    type: 'bar' as const,
    name,
    stack: 'machines',
    barMaxWidth: 34,
    barCategoryGap: '28%',
    // Bars are drawn from rounded numbers; every figure that is read comes from the text.
    data: values.map(Number),
    itemStyle: {
      color: colour ?? palette.muted,
      borderColor: palette.ground,
      borderWidth: 0.5,
      ...(hatched && { decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: palette.ground } }),
    },
    emphasis: { disabled: true },
  });
  return {
    animation: false,
    ...moneyAxes(data.steps.map(stepWords), currency, palette),
    tooltip: tooltip(palette, (value) => money(String(value), currency)),
    series: [
      bars('Charged to calls', data.series.map((point) => point.charged), palette.series[0], false),
      bars('Idle', data.series.map((point) => point.idle), palette.series[1], true),
    ],
  };
}

/** In half hundredths of the time. */
const USE = Array.from({ length: 200 }, (_, i) => (i + 1) / 200);

/** What a million tokens cost the more a machine is used, against what they cost elsewhere. */
export function BreakEven({ data, actions }: { data: CapacityData; actions: ReactNode }) {
  const currency = data.frame.currency;
  const it = data.total;
  const draw = useCallback((palette: Palette) => breakEven(data, palette), [data]);
  const full = Number(it.atFullUse ?? 0);
  const columns: Column<{ name: string; use: string; cost: ReactNode; exact: string | undefined }>[] = [
    { name: 'Point', wide: true, cell: (row) => row.name },
    { name: 'In use', num: true, cell: (row) => row.use },
    { name: 'A million tokens', num: true, cell: (row) => row.cost, exact: (row) => row.exact },
  ];
  const rows = [
    { name: 'As it was', use: percent(it.utilisation), cost: orDash(it.perMillion, currency), exact: exactly(it.perMillion, currency) },
    { name: 'Never idle', use: '100.0%', cost: orDash(it.atFullUse, currency), exact: exactly(it.atFullUse, currency) },
    { name: `As dear as ${data.against ?? 'buying'}`, use: it.breakEven === null ? '–' : percent(it.breakEven), cost: orDash(it.boughtPerMillion, currency), exact: exactly(it.boughtPerMillion, currency) },
  ];
  if (full === 0) {
    return null;
  }
  return (
    <ChartCard
      title="When do they pay?"
      summary={
        it.breakEven === null
          ? 'There is no price to hold them against.'
          : it.breakEven > 1
            ? `At the speed measured a million tokens cost ${orDash(it.atFullUse, currency)} even without an idle second; ${data.against} sells them for ${orDash(it.boughtPerMillion, currency)}.`
            : `From ${percent(it.breakEven)} of the time in use on, a million tokens cost less than the ${orDash(it.boughtPerMillion, currency)} of ${data.against}. They were used ${percent(it.utilisation)}, at ${orDash(it.perMillion, currency)}.`
      }
      actions={actions}
      draw={draw}
      legend={
        <ul className="legend">
          <li>
            <span className="swatch series-1" /> Own machines at the speed measured
          </li>
          <li>
            <span className="swatch-line" /> {data.against ?? 'Bought'}, the same tokens at its price
          </li>
        </ul>
      }
      table={<DataTable label="When machines pay, as a table" columns={columns} rows={rows} keyOf={(row) => row.name} />}
    />
  );
}

function breakEven(data: CapacityData, palette: Palette): ChartOption {
  const it = data.total;
  const currency = data.frame.currency;
  const full = Number(it.atFullUse ?? 0);
  const bought = it.boughtPerMillion === null ? null : Number(it.boughtPerMillion);
  const axes = moneyAxes([], currency, palette);
  const ceiling = Math.max(bought ?? 0, Number(it.perMillion ?? 0)) * 1.6;
  const place = (use: number, name: string, colour: string) => ({
    xAxis: use * 100,
    lineStyle: { color: colour, type: 'solid' as const, width: 1.6 },
    label: { formatter: name, color: palette.text, fontSize: 12, position: 'end' as const, rotate: 0, align: use < 0.12 ? ('left' as const) : use > 0.88 ? ('right' as const) : ('center' as const), distance: 4 },
  });
  return {
    animation: false,
    ...axes,
    grid: { left: 4, right: 22, top: 30, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'value',
      min: 0,
      max: 100,
      splitLine: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.muted, fontSize: 12, margin: 12, formatter: (value: number) => `${value} %` },
    },
    yAxis: { ...axes.yAxis, max: ceiling > 0 ? ceiling : full * 4, axisLabel: { ...axes.yAxis.axisLabel, showMaxLabel: false } },
    series: [
      {
        type: 'line',
        name: 'Own machines',
        symbol: 'none',
        data: USE.map((use) => [use * 100, full / use]),
        lineStyle: { width: 2.4 },
        color: palette.series[0] ?? palette.text,
        markLine: {
          symbol: 'none',
          silent: true,
          data: [
            ...(it.utilisation === null ? [] : [place(it.utilisation, 'as it was', palette.series[0] ?? palette.text)]),
            ...(it.breakEven === null || it.breakEven > 1 ? [] : [place(it.breakEven, 'pays from here', palette.good)]),
          ],
        },
      },
      ...(bought === null
        ? []
        : [
            {
              type: 'line' as const,
              name: data.against ?? 'Bought',
              symbol: 'none',
              data: [
                [0, bought],
                [100, bought],
              ],
              lineStyle: { width: 2, type: 'dashed' as const },
              color: palette.muted,
            },
          ]),
    ],
  };
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** How busy the machines are, hour by hour of the week. */
export function Week({ data }: { data: CapacityData }) {
  const known = data.week.filter((cell) => cell.utilisation !== null);
  const busiest = known.reduce<Cell | null>((most, cell) => (most === null || (cell.utilisation ?? 0) > (most.utilisation ?? 0) ? cell : most), null);
  const quietest = known.reduce<Cell | null>((least, cell) => (least === null || (cell.utilisation ?? 1) < (least.utilisation ?? 1) ? cell : least), null);
  const clock = (cell: Cell) => `${DAYS[cell.day - 1]} at ${String(cell.hour).padStart(2, '0')}:00 (${percent(cell.utilisation, 0)})`;
  return (
    <Card
      title="The hours of the week"
      summary={
        busiest && quietest
          ? `Share of each hour in use, in ${data.frame.asked.zone.replaceAll('_', ' ')}: most on ${clock(busiest)}, least on ${clock(quietest)}.`
          : 'No time of a machine was booked.'
      }
    >
      <div className="scroll" tabIndex={0} role="group" aria-label="Use of machines by hour of the week">
        <table className="week">
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden">Day</span>
              </th>
              {HOURS.map((hour) => (
                <th scope="col" key={hour}>
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {DAYS.map((day, i) => (
              <tr key={day}>
                <th scope="row">{day.slice(0, 3)}</th>
                {HOURS.map((hour) => {
                  const cell = data.week[i * 24 + hour];
                  const use = cell?.utilisation ?? null;
                  return (
                    <td key={hour} className={use === null ? 'heat-none' : `heat-${Math.min(9, Math.floor(use * 10))}`} title={`${day} ${hour}:00, ${use === null ? 'nothing booked' : `${percent(use)} in use`}`}>
                      {use === null ? '' : Math.round(use * 100)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
