import { useState } from 'react';
import { count, percent, time } from '../frame/format';
import { type Column, DataTable } from '../parts/DataTable';
import type { Estimate, Move, SimulatedRow, Simulation } from './api';
import { ShareBar } from './ShareBar';
import { Strip } from './Strip';
import { colours, dollars } from './words';
import { ShowAs, type Shown } from '../parts/ShowAs';

type Say = (value: number) => string;

const seconds: Say = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
const good: Say = (value) => percent(value);

/** What was and what would have been: a picture or figures, by route and tenant; then who moved from where to where. */
export function Simulated({ result, models: known }: { result: Simulation; models: string[] }) {
  const [shown, setShown] = useState<Shown>('chart');
  const rows = distinct(result.rows);
  const money: Say = (value) => dollars(value, result.currency);
  const columns = shown === 'chart' ? pictures(rows, money) : figures(money);
  return (
    <>
      <div className="simulated-head">
        <p className="key">
          <span>
            <i className="key-was" aria-hidden="true" /> was
          </span>
          <span>
            <i className="key-now" aria-hidden="true" /> would have been, with the 95 % interval of what data tell
          </span>
        </p>
        <ShowAs shown={shown} show={setShown} />
      </div>
      <DataTable label="What would have been" columns={columns} rows={rows} keyOf={name} />
      <Traffic row={rows[0]} known={known} />
      {result.moves.length > 0 && (
        <>
          <h3>Who moves</h3>
          <DataTable
            label="Requests that change their model"
            columns={moves(money)}
            rows={result.moves}
            keyOf={(move) => `${move.route} ${move.from} ${move.to}`}
          />
        </>
      )}
      <p className="quiet">
        {result.from && result.to ? `Requests from ${time(result.from)} to ${time(result.to)}. ` : ''}
        {result.whole_period ? '' : 'Only the newest 5,000 of the period: ./pareto policy simulate takes all. '}
        {result.rows_left_out > 0 ? `${count(result.rows_left_out)} tenants are left out here. ` : ''}
        {result.notes.map((note) => `${note}. `).join('')}
      </p>
    </>
  );
}

/** Where there is one route or one tenant, its row would repeat the one above it. */
function distinct(rows: SimulatedRow[]): SimulatedRow[] {
  const routes = rows.filter((row) => row.route !== null && row.tenant === null);
  const tenants = rows.filter((row) => row.tenant !== null);
  return rows.filter(
    (row) =>
      row.route === null ||
      (row.tenant === null && routes.length > 1) ||
      (row.tenant !== null && tenants.filter((one) => one.route === row.route).length > 1),
  );
}

const name = (row: SimulatedRow) => (row.route === null ? 'All' : row.tenant === null ? row.route : `${row.tenant} / ${row.route}`);

const support = (row: SimulatedRow) =>
  `${count(row.support.requests)} requests, ${percent(row.support.supported / Math.max(1, row.support.requests), 0)} by data`;

const who: Column<SimulatedRow> = {
  name: 'Whose',
  wide: true,
  cell: (row) => (
    <span className="pair">
      {name(row)}
      <span className="under">{support(row)}</span>
    </span>
  ),
};

function pictures(rows: SimulatedRow[], money: Say): Column<SimulatedRow>[] {
  const drawn = (title: string, of: (row: SimulatedRow) => Estimate, say: Say, better: 'less' | 'more', top?: number): Column<SimulatedRow> => {
    const all = rows.flatMap((row) => [of(row).recorded, of(row).value, of(row).high].filter((one) => one !== null));
    const most = top ?? Math.max(...all, 0) * 1.05;
    const lows = rows.flatMap((row) => [of(row).recorded, of(row).value, of(row).low].filter((one) => one !== null));
    const least = top === undefined ? 0 : Math.max(0, Math.min(...lows, top) - 0.08);
    return {
      name: title,
      cell: (row) => <Drawn of={of(row)} say={say} least={least} most={most} better={better} />,
    };
  };
  return [
    who,
    drawn('Cost of a request', (row) => row.cost, money, 'less'),
    drawn('Latency p95', (row) => row.seconds_p95, seconds, 'less'),
    drawn('Accuracy', (row) => row.accuracy, good, 'more', 1),
  ];
}

function Drawn({ of, say, least, most, better }: { of: Estimate; say: Say; least: number; most: number; better: 'less' | 'more' }) {
  const change = of.recorded !== null && of.value !== null ? of.value - of.recorded : 0;
  const tone = Math.abs(change) < 1e-12 ? '' : change < 0 === (better === 'less') ? 'better' : 'worse';
  return (
    <span className="measure">
      <span>
        <span className="quiet">{of.recorded === null ? '?' : say(of.recorded)} → </span>
        <b className={tone}>{of.value === null ? 'unknown' : say(of.value)}</b>
      </span>
      <Strip least={least} most={most} value={of.value} was={of.recorded} low={of.low} high={of.high} strong />
    </span>
  );
}

function figures(money: Say): Column<SimulatedRow>[] {
  const told = (title: string, of: (row: SimulatedRow) => Estimate, say: Say): Column<SimulatedRow>[] => [
    { name: `${title}, was`, num: true, cell: (row) => known(of(row).recorded, say) },
    { name: 'would be', num: true, cell: (row) => <b>{known(of(row).value, say)}</b> },
    {
      name: '95 % interval',
      num: true,
      cell: (row) => {
        const { low, high } = of(row);
        return low === null || high === null ? '–' : `${say(low)} – ${say(high)}`;
      },
    },
  ];
  const all = [
    who,
    ...told('Cost', (row) => row.cost, money),
    ...told('p95', (row) => row.seconds_p95, seconds),
    ...told('Accuracy', (row) => row.accuracy, good),
  ];
  return all.map((column, i) => (column.name.startsWith('would') || column.name.startsWith('95') ? { ...column, name: named(all, i) } : column));
}

/** A column's name is its key: each says of what it is. */
function named(all: Column<SimulatedRow>[], i: number): string {
  const of = all.slice(0, i).findLast((column) => column.name.endsWith(', was'));
  return `${of?.name.replace(', was', '') ?? ''}, ${all[i]?.name ?? ''}`;
}

const known = (value: number | null, say: Say) => (value === null ? 'unknown' : say(value));

function Traffic({ row, known }: { row: SimulatedRow | undefined; known: string[] }) {
  if (!row) {
    return null;
  }
  const models = [...new Set([...Object.keys(row.traffic_recorded), ...Object.keys(row.traffic)])].sort();
  const parts = (of: Record<string, number>) =>
    models.flatMap((model) => (of[model] ? [{ model: model === 'null' ? 'refused' : model, requests: of[model] ?? 0 }] : []));
  const names = models.map((model) => (model === 'null' ? 'refused' : model));
  const colour = colours([...known, ...names]);
  return (
    <div className="before-after">
      <span>Traffic was</span>
      <ShareBar parts={parts(row.traffic_recorded)} models={[...known, ...names]} />
      <span>would be</span>
      <ShareBar parts={parts(row.traffic)} models={[...known, ...names]} />
      <ul className="legend">
        {names.map((model, i) => (
          <li key={model}>
            <span className={`swatch series-${colour.get(model)}`} />
            {model}
            <span className="legend-sum">
              {count(row.traffic_recorded[models[i] ?? ''] ?? 0)} → {count(row.traffic[models[i] ?? ''] ?? 0)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const moves = (money: Say): Column<Move>[] => [
  { name: 'From', wide: true, cell: (move) => <span className="model">{move.from ?? 'nobody'}</span> },
  { name: 'To', wide: true, cell: (move) => <span className="model">{move.to ?? 'nobody'}</span> },
  { name: 'Route', cell: (move) => move.route },
  { name: 'Requests', num: true, cell: (move) => count(move.requests) },
  { name: 'Cost', num: true, cell: (move) => pair(move.cost_before, move.cost_after, money) },
  { name: 'p95', num: true, cell: (move) => pair(move.seconds_p95_before, move.seconds_p95_after, seconds) },
  { name: 'Accuracy', num: true, cell: (move) => pair(move.accuracy_before, move.accuracy_after, good) },
];

const pair = (one: number | null, other: number | null, say: Say) => `${known(one, say)} → ${known(other, say)}`;
