import { useCallback } from 'react';
import { count, percent, step } from '../frame/format';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import type { CandidateRow, Traffic } from './api';
import { colours } from './words';

/** Which model answered what share of the route's requests, over time. */
export function TrafficChart({ traffic, candidates }: { traffic: Traffic; candidates: CandidateRow[] }) {
  const colour = colours([...candidates.map((row) => row.model), ...traffic.models.map((line) => line.model)]);
  const totals = traffic.starts.map((_, i) => traffic.models.reduce((sum, line) => sum + (line.requests[i] ?? 0), 0));
  const draw = useCallback((palette: Palette) => option(traffic, totals, colour, palette), [traffic]);
  const whole = traffic.models.reduce((sum, line) => sum + line.sum, 0);
  const first = traffic.models[0];
  const summary = first
    ? `${first.model} answered ${percent(first.sum / whole, 0)} of ${count(whole)} requests${traffic.models.length > 1 ? `, ${traffic.models.length - 1} other${traffic.models.length > 2 ? 's' : ''} the rest` : ''}.`
    : 'Nobody has answered a request in this period.';
  return (
    <ChartCard
      title="Where traffic goes"
      summary={summary}
      draw={draw}
      small
      table={<Table traffic={traffic} totals={totals} />}
      legend={
        <ul className="legend">
          {traffic.models.map((line) => (
            <li key={line.model}>
              <span className={`swatch series-${colour.get(line.model)}`} />
              {line.model}
              <span className="legend-sum">{percent(line.sum / whole, 0)}</span>
            </li>
          ))}
        </ul>
      }
    />
  );
}

function Table({ traffic, totals }: { traffic: Traffic; totals: number[] }) {
  const columns: Column<number>[] = [
    { name: 'From', cell: (i) => step(traffic.starts[i] ?? '', traffic.stepSeconds) },
    ...traffic.models.map((line) => ({
      name: line.model,
      num: true,
      cell: (i: number) => (totals[i] ? `${percent((line.requests[i] ?? 0) / (totals[i] ?? 1), 0)} (${count(line.requests[i] ?? 0)})` : '–'),
    })),
    { name: 'All', num: true, cell: (i) => <b>{count(totals[i] ?? 0)}</b> },
  ];
  const newestFirst = traffic.starts.map((_, i) => i).reverse();
  return <DataTable label="Answers over time" columns={columns} rows={newestFirst} keyOf={(i) => traffic.starts[i] ?? ''} tall />;
}

function option(traffic: Traffic, totals: number[], colour: Map<string, number>, palette: Palette): ChartOption {
  return {
    animation: false,
    grid: { left: 4, right: 4, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: 'category',
      data: traffic.starts.map((start) => step(start, traffic.stepSeconds)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true, margin: 12 },
    },
    yAxis: {
      type: 'value',
      max: 1,
      splitNumber: 2,
      splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      axisLabel: { color: palette.muted, fontSize: 12, formatter: (value: number) => percent(value, 0) },
    },
    series: traffic.models.map((line) => ({
      type: 'bar',
      name: line.model,
      stack: 'share',
      barMaxWidth: 34,
      barCategoryGap: '22%',
      data: line.requests.map((requests, i) => (totals[i] ? requests / totals[i] : 0)),
      itemStyle: {
        color: palette.series[(colour.get(line.model) ?? 1) - 1] ?? palette.muted,
        borderColor: palette.ground,
        borderWidth: 0.5,
      },
      emphasis: { disabled: true },
    })),
  };
}
