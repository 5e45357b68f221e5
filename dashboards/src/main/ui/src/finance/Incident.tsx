import { useCallback, useState } from 'react';
import { exact, money, when } from '../frame/format';
import { post } from '../frame/http';
import { ActButton, RightNote } from '../frame/rights';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Card } from '../parts/Card';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import { report } from './api';
import type { Asked } from './asked';
import { ActionForm } from './books/ActionForm';
import { moneyAxes } from './moneyAxes';
import type { AnomalyState, Incident, Series, Step } from './outlook';

/** What may be made of an anomaly in each of its states. */
const ACTS: Record<AnomalyState, Act[]> = {
  OPEN: ['acknowledge', 'snooze', 'resolve', 'false-alarm'],
  ACKNOWLEDGED: ['resolve', 'false-alarm', 'snooze', 'reopen'],
  SNOOZED: ['reopen', 'resolve', 'false-alarm'],
  RESOLVED: ['reopen'],
  FALSE_ALARM: ['reopen'],
};

type Act = 'acknowledge' | 'snooze' | 'resolve' | 'false-alarm' | 'reopen';

const BUTTONS: Record<Act, string> = {
  acknowledge: 'Acknowledge',
  snooze: 'Snooze',
  resolve: 'Resolve',
  'false-alarm': 'False alarm',
  reopen: 'Open again',
};

export const STATES: Record<AnomalyState, string> = {
  OPEN: 'open',
  ACKNOWLEDGED: 'acknowledged',
  SNOOZED: 'snoozed',
  RESOLVED: 'resolved',
  FALSE_ALARM: 'false alarm',
};

const lineOf = (row: Incident) => (row.dimension === null ? '' : `${row.dimension}:${row.value ?? ''}`);

/** Names an incident in the address of the page. */
export const keyOf = (row: Incident) => `${row.from}|${lineOf(row)}`;

/** One incident: its hours among those around them, and what people made of it. */
export function OpenedIncident({ row, asked, name, days, reload }: Opened) {
  const given = new URLSearchParams(asked.search);
  given.set('begins', row.from);
  given.set('ends', row.to);
  if (row.dimension !== null) {
    given.set('line', lineOf(row));
  }
  const path = '/api/money/anomalies/series';
  const search = given.toString();
  const series = useLoad<Series>(`${path}?${search}`, (signal) => report<Series>(path, search, signal), false);
  return (
    <>
      {series.error && (
        <p className="form-error" role="alert">
          {series.error}
        </p>
      )}
      {series.data && <Course series={series.data} row={row} name={name} />}
      <Marks row={row} name={name} asked={asked} days={days} reload={reload} />
    </>
  );
}

interface Opened {
  row: Incident;
  asked: Asked;
  /** Where it was, in words. */
  name: string;
  /** Its days, as a question to other pages. */
  days: Record<string, string | null>;
  reload: () => void;
}

function Marks({ row, name, asked, days, reload }: Opened) {
  const [act, setAct] = useState<Act | null>(null);
  const last = row.marks.at(-1);
  const until = row.state === 'SNOOZED' && last?.until ? ` until ${when(last.until)}` : '';
  return (
    <Card
      title={`${name}: ${STATES[row.state]}`}
      summary={last ? `${STATES[last.state]} by ${last.by} on ${when(last.at)}${until}: ${last.why}` : 'Nobody has said anything about it yet.'}
      actions={
        <div className="downloads">
          <Link to={asked.link('/requests', days)} className="button">
            Its calls
          </Link>
          <Link to={asked.link('/changes', days)} className="button">
            Why it changed
          </Link>
        </div>
      }
    >
      <RightNote right="KEEP_BOOKS" />
      <div className="downloads">
        {ACTS[row.state].map((one) => (
          <ActButton right="KEEP_BOOKS" key={one} className="button" aria-expanded={act === one} onClick={() => setAct(act === one ? null : one)}>
            {BUTTONS[one]}
          </ActButton>
        ))}
      </div>
      {act && (
        <ActionForm
          key={act}
          label={BUTTONS[act]}
          act={({ days: sleep, ...given }) =>
            post('/api/money/anomalies/actions', { ...given, action: act, from: row.from, line: lineOf(row), days: Number(sleep ?? 0) })
          }
          close={() => setAct(null)}
          done={() => (setAct(null), reload())}
        >
          {act === 'snooze' && (
            <label>
              Days
              <input name="days" type="number" min="1" max="90" defaultValue="7" required className="num" />
            </label>
          )}
        </ActionForm>
      )}
      {row.marks.length > 1 && (
        <ol className="marks">
          {row.marks.map((mark) => (
            <li key={mark.at}>
              <b>{STATES[mark.state]}</b> {mark.by}, {when(mark.at)}: {mark.why}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Course({ series, row, name }: { series: Series; row: Incident; name: string }) {
  const currency = series.frame.currency;
  const draw = useCallback((palette: Palette) => option(series, row, palette), [series, row]);
  const per = series.hoursPerStep === 1 ? 'hour' : series.hoursPerStep === 24 ? 'day' : `${series.hoursPerStep} hours`;
  const columns: Column<Step>[] = [
    { name: 'From', cell: (step) => when(step.at) },
    { name: 'Actual', num: true, cell: (step) => money(step.actual, currency), exact: (step) => exact(step.actual, currency) },
    { name: 'Usual from', num: true, cell: (step) => (step.lower === null ? '–' : money(step.lower, currency)) },
    { name: 'Expected', num: true, cell: (step) => (step.expected === null ? '–' : money(step.expected, currency)) },
    { name: 'to', num: true, cell: (step) => (step.upper === null ? '–' : money(step.upper, currency)) },
  ];
  return (
    <ChartCard
      title={`${name} about ${when(row.from)}`}
      summary={`Spend each ${per}, with what is usual then. The incident cost ${money(row.actual, currency)} where ${money(row.expected, currency)} was expected and up to ${money(row.upper, currency)} would have been usual.`}
      draw={draw}
      legend={
        <ul className="legend">
          <li>
            <span className="swatch series-1" /> Actual, with a dot at each step of the incident
          </li>
          <li>
            <span className="swatch series-1 hatch" /> Expected, and the band of what is usual
          </li>
        </ul>
      }
      table={<DataTable label={`${name} as a table`} columns={columns} rows={series.steps} keyOf={(step) => step.at} tall />}
    />
  );
}

function option(series: Series, row: Incident, palette: Palette): ChartOption {
  const { steps } = series;
  const currency = series.frame.currency;
  const colour = palette.series[0] ?? palette.text;
  const number = (amount: string | null) => (amount === null ? null : Number(amount));
  const within = (step: Step) => step.at >= row.from && step.at < row.to;
  const ground = moneyAxes(
    steps.map((step) => when(step.at)),
    currency,
    palette,
  );
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 350,
    ...ground,
    xAxis: { ...ground.xAxis, boundaryGap: false },
    yAxis: { ...ground.yAxis, min: 0 },
    series: [
      {
        type: 'line',
        name: 'foot',
        stack: 'band',
        data: steps.map((step) => number(step.lower)),
        symbol: 'none',
        lineStyle: { opacity: 0 },
        silent: true,
      },
      {
        type: 'line',
        name: 'Usual',
        stack: 'band',
        data: steps.map((step) => (step.upper === null ? null : Number(step.upper) - Number(step.lower))),
        symbol: 'none',
        lineStyle: { opacity: 0 },
        areaStyle: { color: colour, opacity: 0.16 },
        silent: true,
      },
      {
        type: 'line',
        name: 'Expected',
        data: steps.map((step) => number(step.expected)),
        symbol: 'none',
        lineStyle: { color: colour, width: 1.5, type: 'dashed' },
      },
      {
        type: 'line',
        name: 'Actual',
        data: steps.map((step) => ({
          value: Number(step.actual),
          symbol: within(step) ? 'circle' : 'none',
          symbolSize: 9,
          itemStyle: { color: palette.bad },
        })),
        lineStyle: { color: colour, width: 2 },
      },
    ],
  };
}
