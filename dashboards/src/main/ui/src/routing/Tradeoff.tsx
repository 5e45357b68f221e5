import { useState } from 'react';
import { duration, money, percent } from '../frame/format';
import { useChoice } from '../frame/router';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Segmented } from '../parts/Segmented';
import type { CandidateRow, Figures } from './api';
import { frontier, linear, logarithmic, type Scale } from './scale';
import { useWidth } from './useWidth';
import { brief, colours, shortNames } from './words';
import { ShowAs, type Shown } from '../parts/ShowAs';

type Kind = 'expected' | 'measured';
type Upward = 'accuracy' | 'latency';

/** A candidate that can be drawn: its cost is known, and for those above the lane also what the other axis shows. */
interface Point {
  row: CandidateRow;
  figures: Figures;
  cost: number;
  up: number | null;
  low: number;
  high: number;
}

const RADIUS = 8;
const LANE = 34;

interface TradeoffProps {
  candidates: CandidateRow[];
  sampled: number;
  currency: string;
}

/** Cost, latency and accuracy of every candidate, the best of them joined by a line, and the share of traffic that each has. */
export function Tradeoff({ candidates, sampled, currency }: TradeoffProps) {
  const [kind, chooseKind] = useChoice<Kind>('figures', ['expected', 'measured'], 'expected');
  const [upward, chooseUpward] = useChoice<Upward>('up', ['accuracy', 'latency'], 'accuracy');
  const [shown, setShown] = useState<Shown>('chart');
  const points = candidates.flatMap((row): Point[] => point(row, row[kind], upward));
  const best = frontier(points.filter((one) => one.up !== null), (one) => one.cost, (one) => goodness(one, upward));
  const away = candidates.filter((row) => row[kind].cost === null).map((row) => row.model);
  return (
    <Card
      title="Cost, latency and accuracy"
      className="tradeoff"
      summary={said(kind, upward, best, sampled)}
      actions={
        <div className="card-actions">
          <Segmented
            label="Figures"
            options={[
              { id: 'expected', label: 'Forecast', name: 'What is forecast of every candidate, on the same requests' },
              { id: 'measured', label: 'Measured', name: 'What was measured, of each on the requests that it answered' },
            ]}
            value={kind}
            choose={chooseKind}
          />
          <Segmented
            label="Upwards"
            options={[
              { id: 'accuracy', label: 'Accuracy' },
              { id: 'latency', label: 'Latency' },
            ]}
            value={upward}
            choose={chooseUpward}
          />
          <ShowAs shown={shown} show={setShown} />
        </div>
      }
    >
      {shown === 'table' ? (
        <DataTable label="Figures of each candidate" columns={columns(kind, currency)} rows={candidates} keyOf={(row) => row.model} />
      ) : points.length === 0 ? (
        <p className="quiet">Nothing to draw yet: no candidate has a known cost{kind === 'measured' ? ' of answers' : ''}.</p>
      ) : (
        <Plot points={points} best={best} upward={upward} currency={currency} all={candidates.map((row) => row.model)} />
      )}
      <p className="key">
        <span>
          <i className="key-line" aria-hidden="true" /> nobody is cheaper and {upward === 'accuracy' ? 'more accurate' : 'faster'}
        </span>
        <span>
          <i className="key-ring" aria-hidden="true" /> share of the newest hundred decisions
        </span>
        <span>
          <i className="key-hollow" aria-hidden="true" /> never chosen
        </span>
        <span>
          larger dots are {upward === 'accuracy' ? 'slower' : 'more accurate'}
        </span>
      </p>
      {away.length > 0 && shown === 'chart' && (
        <p className="quiet">
          Not drawn, for {kind === 'measured' ? 'they answered nobody' : 'their price is unknown'}: {away.join(', ')}.
        </p>
      )}
    </Card>
  );
}

function point(row: CandidateRow, figures: Figures, upward: Upward): Point[] {
  if (figures.cost === null) {
    return [];
  }
  const accuracy = figures.accuracy;
  const up = upward === 'accuracy' ? (accuracy?.value ?? null) : figures.p95Millis;
  const whole = up ?? 0;
  return [
    {
      row,
      figures,
      cost: Number(figures.cost),
      up,
      low: upward === 'accuracy' ? (accuracy?.low ?? whole) : whole,
      high: upward === 'accuracy' ? (accuracy?.high ?? whole) : whole,
    },
  ];
}

const goodness = (one: Point, upward: Upward) => (upward === 'accuracy' ? (one.up ?? 0) : -(one.up ?? 0));

function said(kind: Kind, upward: Upward, best: Point[], sampled: number): string {
  const which =
    kind === 'expected'
      ? `As forecast for the newest ${sampled} requests, each candidate on all of them.`
      : `As measured on the newest ${sampled} requests, each candidate on those that it answered: not the same prompts.`;
  if (best.length === 0) {
    return which;
  }
  const names = best.map((one) => one.row.model).join(', ');
  return `${which} On the line by cost and ${upward}: ${names}.`;
}

interface PlotProps {
  points: Point[];
  best: Point[];
  upward: Upward;
  currency: string;
  all: string[];
}

function Plot({ points, best, upward, currency, all }: PlotProps) {
  const [box, width] = useWidth(900);
  const height = width < 560 ? 330 : 380;
  const known = points.filter((one) => one.up !== null);
  const lane = known.length < points.length ? LANE : 0;
  const left = 58;
  const right = width - 14;
  const floor = height - 44 - lane;
  const x = across(points, left + 22, right - 40);
  const y = upwards(known, upward, floor - 12, 26);
  const colour = colours(all);
  const names = shortNames(all);
  const spots = points.map((one) => ({ x: x.at(one.cost), y: one.up === null ? floor + lane / 2 + 2 : y.at(one.up) }));
  const whiskers = known.map((one) => ({ left: x.at(one.cost) - 1, right: x.at(one.cost) + 1, top: y.at(one.high), bottom: y.at(one.low) }));
  const labels = place(points, spots, names, width, height, [...steps(best, x, y, right), ...whiskers]);
  return (
    <div ref={box} className="plot-box">
      <svg className="plot" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={`Scatter of ${points.length} candidates by cost and ${upward}`}>
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line className="plot-grid" x1={left} x2={right} y1={y.at(tick)} y2={y.at(tick)} />
            <text className="plot-tick" x={left - 8} y={y.at(tick) + 4} textAnchor="end">
              {upward === 'accuracy' ? percent(tick, tick * 100 === Math.round(tick * 100) ? 0 : 1) : duration(tick)}
            </text>
          </g>
        ))}
        <line className="plot-axis" x1={left} x2={right} y1={floor} y2={floor} />
        {lane > 0 && (
          <>
            <rect className="plot-lane" x={left} y={floor} width={right - left} height={lane} />
            <text className="plot-tick" x={left - 8} y={floor + lane / 2 + 5} textAnchor="end">
              unknown
            </text>
          </>
        )}
        {apartBy(x, 66).map((tick) => (
          <g key={tick}>
            <line className="plot-grid" x1={x.at(tick)} x2={x.at(tick)} y1={floor} y2={floor + lane + 4} />
            <text className="plot-tick" x={x.at(tick)} y={floor + lane + 19} textAnchor="middle">
              {brief(tick, currency)}
            </text>
          </g>
        ))}
        <text className="plot-name" x={right} y={height - 6} textAnchor="end">
          cost of a request →
        </text>
        <text className="plot-name" x={4} y={14}>
          ↑ {upward === 'accuracy' ? 'good answers' : 'faster (p95 of whole answers)'}
        </text>
        <path className="plot-front" d={staircase(best, x, y, right)} />
        {points.map((one, i) => (
          <Dot key={one.row.model} one={one} spot={spots[i] ?? { x: 0, y: 0 }} y={y} colour={colour.get(one.row.model) ?? 1} upward={upward} all={points} />
        ))}
        {labels.map((label) => (
          <text key={label.model} className="plot-label" x={label.x} y={label.y} textAnchor={label.anchor}>
            {label.name}
            <tspan className="plot-under" x={label.x} dy="14">
              {label.under}
            </tspan>
          </text>
        ))}
      </svg>
    </div>
  );
}

/** Those ticks whose words do not touch. */
function apartBy(scale: Scale, pixels: number): number[] {
  const kept: number[] = [];
  for (const tick of scale.ticks) {
    const last = kept.at(-1);
    if (last === undefined || Math.abs(scale.at(tick) - scale.at(last)) >= pixels) {
      kept.push(tick);
    }
  }
  return kept;
}

function across(points: Point[], from: number, to: number): Scale {
  const costs = points.map((one) => one.cost);
  const positive = costs.filter((cost) => cost > 0);
  const most = Math.max(...costs);
  const least = Math.min(...positive);
  return positive.length === costs.length && most / least > 12
    ? logarithmic(least * 0.8, most * 1.25, from, to)
    : linear(0, most * 1.12 || 1, from, to);
}

function upwards(known: Point[], upward: Upward, from: number, to: number): Scale {
  if (upward === 'latency') {
    const most = Math.max(...known.map((one) => one.up ?? 0), 1);
    const scale = linear(0, most * 1.1, to, from, 4);
    return scale;
  }
  const least = Math.max(0, Math.min(...known.map((one) => one.low), 1) - 0.02);
  const most = Math.min(1, Math.max(...known.map((one) => one.high), 0) + 0.02);
  return linear(known.length === 0 ? 0 : least, known.length === 0 ? 1 : most, from, to, 4);
}

/** What can be had for so much money: level until the next one on the frontier is paid for. */
function staircase(best: Point[], x: Scale, y: Scale, right: number): string {
  let path = '';
  best.forEach((one, i) => {
    const at = `${x.at(one.cost).toFixed(1)}`;
    const up = y.at(one.up ?? 0).toFixed(1);
    path += i === 0 ? `M${at} ${up}` : `H${at}V${up}`;
  });
  return path && `${path}H${right}`;
}

/** Where the line runs. */
function steps(best: Point[], x: Scale, y: Scale, right: number): Box[] {
  return best.flatMap((one, i) => {
    const next = best[i + 1];
    const at = y.at(one.up ?? 0);
    const to = next ? x.at(next.cost) : right;
    const level = { left: x.at(one.cost), right: to, top: at - 1, bottom: at + 1 };
    return next ? [level, { left: to - 1, right: to + 1, top: Math.min(at, y.at(next.up ?? 0)), bottom: Math.max(at, y.at(next.up ?? 0)) }] : [level];
  });
}

interface DotProps {
  one: Point;
  spot: { x: number; y: number };
  y: Scale;
  colour: number;
  upward: Upward;
  all: Point[];
}

/** Its size is the third measure, the ring around it its share of the traffic. */
function Dot({ one, spot, y, colour, upward, all }: DotProps) {
  const third = (point: Point) => (upward === 'accuracy' ? (point.figures.p95Millis ?? 0) : (point.figures.accuracy?.value ?? 0));
  const thirds = all.map(third);
  const spread = Math.max(...thirds) - Math.min(...thirds);
  const radius = RADIUS - 2 + (spread > 0 ? ((third(one) - Math.min(...thirds)) / spread) * 8 : 2);
  const ring = radius + 5;
  const round = 2 * Math.PI * ring;
  const share = Math.min(1, one.row.shareNow);
  const hollow = one.row.chosen === 0;
  return (
    <g className={`plot-point stroke-${colour}`}>
      <title>{titled(one)}</title>
      {one.up !== null && one.high > one.low && (
        <line className="plot-whisker" x1={spot.x} x2={spot.x} y1={y.at(one.low)} y2={y.at(one.high)} />
      )}
      <circle className={`plot-dot ${hollow ? 'hollow' : `fill-${colour}`}`} cx={spot.x} cy={spot.y} r={radius} />
      {share > 0 && (
        <>
          <circle className="plot-track" cx={spot.x} cy={spot.y} r={ring} />
          <circle
            className="plot-ring"
            cx={spot.x}
            cy={spot.y}
            r={ring}
            strokeDasharray={`${(share * round).toFixed(1)} ${round.toFixed(1)}`}
            transform={`rotate(-90 ${spot.x} ${spot.y})`}
          />
        </>
      )}
    </g>
  );
}

function titled({ row, figures }: Point): string {
  const accuracy = figures.accuracy;
  return [
    row.model,
    `cost ${figures.cost ?? 'unknown'}`,
    `p95 ${duration(figures.p95Millis)}`,
    accuracy ? `accuracy ${percent(accuracy.value)} (${percent(accuracy.low)} to ${percent(accuracy.high)})` : 'accuracy unknown',
    `${percent(row.shareNow, 0)} of the newest decisions`,
    figures.dominatedBy && `dominated by ${figures.dominatedBy}`,
  ]
    .filter(Boolean)
    .join('\n');
}

interface Label {
  model: string;
  name: string;
  under: string;
  x: number;
  y: number;
  anchor: 'start' | 'end' | 'middle';
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Beside each dot where nothing else is, no dot, no label and no line; else right all the same. */
function place(
  points: Point[],
  spots: { x: number; y: number }[],
  names: Map<string, string>,
  width: number,
  height: number,
  lines: Box[],
): Label[] {
  const taken: Box[] = spots.map((spot) => ({ left: spot.x - 20, right: spot.x + 20, top: spot.y - 17, bottom: spot.y + 17 }));
  const dots = taken.length;
  taken.push(...lines);
  return points.map((one, i) => {
    const spot = spots[i] ?? { x: 0, y: 0 };
    const name = names.get(one.row.model) ?? one.row.model;
    const share = one.row.shareNow > 0 ? percent(one.row.shareNow, 0) : one.row.chosen === 0 ? 'never chosen' : 'not now';
    const under = `${share}${one.figures.p95Millis === null ? '' : ` · ${duration(one.figures.p95Millis)}`}`;
    const wide = Math.max(name.length * 7.4, under.length * 6.6);
    const tries: Label[] = [
      { x: spot.x + 25, y: spot.y - 2, anchor: 'start' as const },
      { x: spot.x - 25, y: spot.y - 2, anchor: 'end' as const },
      { x: spot.x + 24, y: spot.y + 18, anchor: 'start' as const },
      { x: spot.x + 24, y: spot.y - 24, anchor: 'start' as const },
      { x: spot.x - 24, y: spot.y - 24, anchor: 'end' as const },
      { x: spot.x, y: spot.y - 38, anchor: 'middle' as const },
      { x: spot.x, y: spot.y + 34, anchor: 'middle' as const },
    ].map((at) => ({ ...at, model: one.row.model, name, under }));
    const fits = (label: Label) => {
      const found = around(label, wide);
      const inside = found.left >= 50 && found.right <= width && found.top >= 0 && found.bottom <= height;
      return inside && taken.every((other, j) => (j === i && j < dots) || apart(found, other));
    };
    const label = tries.find(fits) ?? tries[spot.x + 25 + wide > width ? 1 : 0] ?? tries[0];
    if (!label) {
      throw new Error('there are always four places to try');
    }
    taken.push(around(label, wide));
    return label;
  });
}

function around(label: Label, wide: number): Box {
  const left = label.anchor === 'start' ? label.x : label.anchor === 'end' ? label.x - wide : label.x - wide / 2;
  return { left, right: left + wide, top: label.y - 12, bottom: label.y + 18 };
}

const apart = (one: Box, other: Box) =>
  one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top;

const columns = (kind: Kind, currency: string): Column<CandidateRow>[] => [
  { name: 'Model', wide: true, cell: (row) => <span className="model">{row.model}</span> },
  { name: 'Requests', num: true, cell: (row) => row[kind].requests },
  { name: 'Cost of one', num: true, cell: (row) => amount(row[kind], currency), exact: (row) => row[kind].cost ?? undefined },
  { name: 'First token p95', num: true, cell: (row) => duration(row[kind].firstTokenMillis) },
  { name: 'Total p95', num: true, cell: (row) => duration(row[kind].p95Millis) },
  { name: 'Accuracy', num: true, cell: (row) => accuracy(row[kind]) },
  { name: 'Dominated by', wide: true, cell: (row) => row[kind].dominatedBy ?? <span className="quiet">nobody</span> },
];

const amount = (figures: Figures, currency: string) => (figures.cost === null ? '–' : money(figures.cost, currency));

const accuracy = ({ accuracy: it }: Figures) =>
  it === null ? '–' : `${percent(it.value)} (${percent(it.low)} – ${percent(it.high)})`;
