import { useCallback } from 'react';
import { count, time } from '../frame/format';
import { useQuery } from '../frame/router';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import { change, type Difference, type Opened } from './api';

interface Point {
  at: string;
  units: number;
  one: Difference;
}

/** A metric's difference and its interval as units came in: it narrows, and holds at every point of the way. */
export function DifferenceChart({ opened }: { opened: Opened }) {
  const { experiment, looks } = opened;
  const found = experiment.look?.findings.differences.filter((one) => one.difference !== null) ?? [];
  const metrics = [...new Set(found.map((one) => one.metric))];
  const arms = [...new Set(found.map((one) => one.arm))];
  const [wantedMetric, chooseMetric] = useQuery('metric', experiment.primary);
  const [wantedArm, chooseArm] = useQuery('arm', arms[0] ?? '');
  const metric = metrics.includes(wantedMetric) ? wantedMetric : experiment.primary;
  const arm = arms.includes(wantedArm) ? wantedArm : (arms[0] ?? '');
  const points = looks.flatMap((look): Point[] => {
    const one = look.findings.differences.find((difference) => difference.metric === metric && difference.arm === arm);
    return one?.lower !== null && one?.lower !== undefined ? [{ at: look.at, units: look.findings.units, one }] : [];
  });
  // a new answer is a new drawing; the same answer is not
  const draw = useCallback((palette: Palette) => option(points, metric, palette), [opened, metric, arm]);
  const last = points.at(-1);
  const summary = last
    ? `${arm} less the control in ${metric}: ${change(metric, last.one.difference)}, between ${change(metric, last.one.lower)} and ${change(metric, last.one.upper)} after ${count(last.units)} units.`
    : 'The first interval comes with a hundred units in each arm.';
  return (
    <ChartCard
      title="Difference over time"
      summary={summary}
      actions={
        <div className="choices">
          <Choice label="Metric" values={metrics} value={metric} choose={chooseMetric} />
          {arms.length > 1 && <Choice label="Arm" values={arms} value={arm} choose={chooseArm} />}
        </div>
      }
      draw={draw}
      table={<DataTable label="Looks" columns={columns(metric)} rows={[...points].reverse()} keyOf={(point) => point.at} tall />}
    />
  );
}

interface ChoiceProps {
  label: string;
  values: string[];
  value: string;
  choose: (value: string) => void;
}

function Choice({ label, values, value, choose }: ChoiceProps) {
  return (
    <label className="choice">
      <span className="hidden">{label}</span>
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {values.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

const columns = (metric: string): Column<Point>[] => [
  { name: 'When', cell: (point) => time(point.at) },
  { name: 'Units', num: true, cell: (point) => count(point.units) },
  { name: 'Difference', num: true, cell: (point) => change(metric, point.one.difference) },
  { name: 'From', num: true, cell: (point) => change(metric, point.one.lower) },
  { name: 'To', num: true, cell: (point) => change(metric, point.one.upper) },
];

function option(points: Point[], metric: string, palette: Palette): ChartOption {
  const colour = palette.series[0] ?? palette.text;
  const pairs = (of: (one: Difference) => number | null) => points.map((point) => [point.units, of(point.one) ?? 0]);
  const bound = { type: 'line' as const, showSymbol: false, lineStyle: { color: colour, width: 1, opacity: 0.7 }, silent: true };
  return {
    animation: false,
    grid: { left: 4, right: 12, top: 14, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: 'value',
      min: 'dataMin',
      max: 'dataMax',
      splitLine: { show: false },
      axisLine: { show: true, onZero: false, lineStyle: { color: palette.line } },
      axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true, formatter: (value: number) => `${count(value)} units` },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      axisLabel: { color: palette.muted, fontSize: 12, formatter: (value: number) => change(metric, value) },
    },
    series: [
      { ...bound, data: pairs((one) => one.lower), stack: 'band', stackStrategy: 'all' },
      {
        ...bound,
        data: pairs((one) => (one.upper ?? 0) - (one.lower ?? 0)),
        stack: 'band',
        stackStrategy: 'all',
        areaStyle: { color: colour, opacity: 0.16 },
      },
      {
        type: 'line',
        data: pairs((one) => one.difference),
        showSymbol: points.length < 3,
        lineStyle: { color: colour, width: 2.5 },
        itemStyle: { color: colour },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: palette.text, type: 'solid', width: 1.2 },
          data: [{ yAxis: 0 }],
        },
      },
    ],
  };
}
