import { useCallback } from 'react';
import { count, time } from '../frame/format';
import { ChartCard } from '../parts/ChartCard';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import type { Inputs as Seen, Point, Story } from './api';
import { SeriesLegend } from './SeriesLegend';

const TITLE = 'Are requests still those of the evidence?';

/** How far live requests have moved from those that the verdict rests on, feature by feature, against the bound. */
export function Inputs({ story }: { story: Story }) {
  const { swap, trace, now } = story;
  const inputs = swap.inputs;
  const points = trace.filter((point) => Object.keys(point.inputs).length > 0);
  if (inputs && Object.keys(inputs.distances).length > 0) {
    points.push({ at: now, state: swap.state, share: swap.share, seen: inputs.seen, guards: {}, pairs: null, inputs: inputs.distances });
  }
  const names = [...new Set(points.flatMap((point) => Object.keys(point.inputs)))].sort();
  const bound = inputs?.bound ?? null;
  const draw = useCallback((palette: Palette) => option(points, names, bound, palette), [trace, names.join(' '), bound]);
  if (inputs === null) {
    return <Card title={TITLE} summary="Not watched: the swap says drift: off.">{null}</Card>;
  }
  if (points.length === 0) {
    return <Card title={TITLE} summary={waiting(inputs)}>{null}</Card>;
  }
  return (
    <ChartCard
      title={TITLE}
      summary={summary(story, inputs, points)}
      draw={draw}
      small
      legend={<SeriesLegend names={names} label={featureName} />}
      table={
        <DataTable
          label="Distance from the evidence as a table"
          columns={columns(names)}
          rows={[...points].reverse()}
          keyOf={(point) => point.at}
          tall
        />
      }
    />
  );
}

const FEATURES: Record<string, string> = { length: 'Length', language: 'Language', tools: 'Tools offered', segment: 'Kind of request' };
const featureName = (name: string) => FEATURES[name] ?? name;

function waiting({ known, seen, least }: Seen): string {
  return known
    ? `${count(seen)} of the ${count(least)} requests are seen that it takes to say so.`
    : 'The verdict does not tell what its requests were like; nothing can be held against them.';
}

function summary({ swap }: Story, inputs: Seen, points: Point[]): string {
  if (swap.reason.startsWith('input drift')) {
    return `No: ${swap.reason.slice('input drift: '.length)}. The swap waits for fresh evidence.`;
  }
  const now = Object.keys(inputs.distances).length > 0 ? inputs.distances : (points[points.length - 1]?.inputs ?? {});
  const [feature, index] = Object.entries(now).sort((one, other) => other[1] - one[1])[0] ?? [];
  if (feature === undefined || index === undefined) {
    return waiting(inputs);
  }
  return (
    `The population stability index of each feature; beyond ${inputs.bound.toFixed(2)}, by more than chance, the verdict is stale. ` +
    `${index > inputs.bound ? 'Farthest' : 'Yes: farthest'} is ${featureName(feature).toLowerCase()} at ${index.toFixed(3)}, over the last ${count(inputs.seen)} requests.`
  );
}

const columns = (names: string[]): Column<Point>[] => [
  { name: 'At', cell: (point) => time(point.at), exact: (point) => point.at },
  { name: 'State', cell: (point) => point.state.toLowerCase().replace('_', ' ') },
  ...names.map((name) => ({
    name: featureName(name),
    num: true,
    cell: (point: Point) => point.inputs[name]?.toFixed(3) ?? '–',
  })),
];

function option(points: Point[], names: string[], bound: number | null, palette: Palette): ChartOption {
  const top = Math.max(bound ?? 0, ...points.flatMap((point) => Object.values(point.inputs)));
  return {
    animation: false,
    grid: { left: 4, right: 8, top: 18, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: 'time',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true, margin: 12 },
      // one moment alone has no span
      ...(points.length === 1 && { min: Date.parse(points[0]?.at ?? '') - 60_000, max: Date.parse(points[0]?.at ?? '') + 60_000 }),
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: Number((top * 1.15).toPrecision(2)),
      splitNumber: 3,
      splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      axisLabel: { color: palette.muted, fontSize: 12, showMaxLabel: false, formatter: (index: number) => index.toFixed(2) },
    },
    series: names.map((name, i) => ({
      type: 'line',
      name,
      showSymbol: points.length < 40,
      symbolSize: 5,
      lineStyle: { width: 2 },
      color: palette.series[i % 8] ?? palette.muted,
      data: points.map((point) => [point.at, point.inputs[name] ?? null]),
      ...(i === 0 &&
        bound !== null && {
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            lineStyle: { color: palette.bad, type: 'dashed' as const, width: 1.5 },
            label: { formatter: 'stale', color: palette.bad, position: 'insideEndTop' as const },
            data: [{ yAxis: bound }],
          },
        }),
    })),
  };
}
