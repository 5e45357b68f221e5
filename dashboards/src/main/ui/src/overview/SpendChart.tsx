import { useCallback } from 'react';
import { exact, money, step } from '../frame/format';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import type { SpendSeries } from './api';

const COLOURS = 8;

/** A model keeps its colour when the order of cost changes: colours go by name. */
function colours(series: SpendSeries): number[] {
  const names = [...new Set(series.models.map((line) => line.model))].sort();
  return series.models.map((line) => names.indexOf(line.model) % COLOURS);
}

/** Spend over time by model: a chart, the same as a table, and the same in words. */
export function SpendChart({ series, currency, summary }: { series: SpendSeries; currency: string; summary: string }) {
  const colour = colours(series);
  const draw = useCallback((palette: Palette) => option(series, currency, palette), [series, currency]);
  return (
    <ChartCard
      title="Spend over time"
      summary={summary}
      draw={draw}
      table={<SeriesTable series={series} currency={currency} />}
      legend={
        <ul className="legend">
          {series.models.map((line, i) => (
            <li key={`${line.model} ${line.simulated}`}>
              <span className={`swatch series-${(colour[i] ?? 0) + 1} ${line.simulated ? 'hatch' : ''}`} />
              {line.model}
              {line.simulated && <span className="badge simulated">simulated</span>}
              <span className="legend-sum">{money(line.sum, currency)}</span>
            </li>
          ))}
        </ul>
      }
    />
  );
}

function SeriesTable({ series, currency }: { series: SpendSeries; currency: string }) {
  const columns: Column<number>[] = [
    { name: 'From', cell: (i) => step(series.starts[i] ?? '', series.stepSeconds) },
    ...series.models.map((line) => ({
      name: line.simulated ? `${line.model} (simulated)` : line.model,
      num: true,
      cell: (i: number) => amount(line.spend[i], currency),
      exact: (i: number) => exact(line.spend[i] ?? '0', currency),
    })),
    {
      name: 'All models',
      num: true,
      cell: (i) => <b>{amount(series.total[i], currency)}</b>,
      exact: (i) => exact(series.total[i] ?? '0', currency),
    },
  ];
  const newestFirst = series.starts.map((_, i) => i).reverse();
  return (
    <DataTable label="Spend over time as a table" columns={columns} rows={newestFirst} keyOf={(i) => series.starts[i] ?? ''} tall />
  );
}

const amount = (value: string | undefined, currency: string) =>
  value === undefined || value === '0' ? '–' : money(value, currency);

function option(series: SpendSeries, currency: string, palette: Palette): ChartOption {
  const colour = colours(series);
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return {
    animation: !calm,
    animationDuration: 350,
    grid: { left: 4, right: 4, top: 14, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: {
      type: 'category',
      data: series.starts.map((start) => step(start, series.stepSeconds)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: {
        color: palette.muted,
        fontSize: 12,
        hideOverlap: true,
        margin: 12,
        // Steps of some hours are named once a day.
        ...(series.stepSeconds > 3_600 && {
          interval: (index: number) => index === 0 || day(series, index) !== day(series, index - 1),
          formatter: (_: string, index: number) => day(series, index),
        }),
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      splitLine: { lineStyle: { color: palette.line, type: [3, 4] } },
      axisLabel: { color: palette.muted, fontSize: 12, formatter: (value: number) => money(String(value), currency) },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.line, opacity: 0.35 } },
      className: 'chart-tip',
      backgroundColor: 'transparent',
      borderWidth: 0,
      padding: 0,
      shadowBlur: 0,
      confine: true,
      formatter: (points) => tip(series, currency, Array.isArray(points) ? (points[0]?.dataIndex ?? 0) : points.dataIndex),
    },
    series: series.models.map((line, i) => ({
      type: 'bar',
      name: line.model,
      stack: 'spend',
      barMaxWidth: 34,
      barCategoryGap: '28%',
      // Bars are drawn from rounded numbers; every figure that is read comes from the text.
      data: line.spend.map(Number),
      itemStyle: {
        color: palette.series[colour[i] ?? 0] ?? palette.muted,
        borderColor: palette.ground,
        borderWidth: 0.5,
        ...(line.simulated && {
          decal: {
            symbol: 'rect',
            dashArrayX: [1, 0],
            dashArrayY: [2, 4],
            rotation: -Math.PI / 4,
            color: 'rgba(255,255,255,0.38)',
          },
        }),
      },
      emphasis: { disabled: true },
    })),
  };
}

const day = (series: SpendSeries, index: number) => step(series.starts[index] ?? '', 86_400);

/** Built as nodes, not as text: inline styles would be refused by the content policy. */
function tip(series: SpendSeries, currency: string, index: number): HTMLElement {
  const colour = colours(series);
  const box = document.createElement('div');
  box.className = 'tip';
  const head = box.appendChild(document.createElement('div'));
  head.className = 'tip-head';
  head.append(step(series.starts[index] ?? '', series.stepSeconds));
  const total = head.appendChild(document.createElement('b'));
  total.append(money(series.total[index] ?? '0', currency));
  series.models.forEach((line, i) => {
    const spend = line.spend[index] ?? '0';
    if (spend === '0') {
      return;
    }
    const row = box.appendChild(document.createElement('div'));
    row.className = 'tip-row';
    const swatch = row.appendChild(document.createElement('span'));
    swatch.className = `swatch series-${(colour[i] ?? 0) + 1} ${line.simulated ? 'hatch' : ''}`;
    row.append(line.model);
    const value = row.appendChild(document.createElement('span'));
    value.className = 'tip-value';
    value.append(money(spend, currency));
  });
  return box;
}
