import { useCallback } from 'react';
import { count, exact, money, percent, short } from '../frame/format';
import type { Money } from '../frame/format';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import * as overview from '../overview/api';
import { Decisions } from '../overview/Decisions';
import { Newcomer } from '../overview/Newcomer';
import { Swaps } from '../overview/Swaps';
import { Card } from '../parts/Card';
import { ChartCard } from '../parts/ChartCard';
import { type Column, DataTable } from '../parts/DataTable';
import type { ChartOption, Palette } from '../parts/Drawing';
import { Figure, Figures } from '../parts/Figure';
import type { Frame, Mover } from './api';
import { type Asked, dimensionName, valueName } from './asked';
import { Change } from './Change';
import { MoneyPage } from './MoneyPage';
import { Nothing } from './Nothing';
import { isZero, stepWords } from './words';
import { moneyAxes } from './moneyAxes';

interface Line {
  value: string | null;
  sum: Money;
  spend: Money[];
}

interface Data {
  frame: Frame;
  by: string;
  figures: {
    spend: Money;
    spendBefore: Money | null;
    spendChange: number | null;
    baseline: Money;
    saved: Money;
    savedShare: number | null;
    perAnswer: Money | null;
    perAnswerChange: number | null;
    requests: number;
    requestsChange: number | null;
    answered: number;
    inputTokens: number;
    outputTokens: number;
    wasted: Money;
    wastedShare: number | null;
  };
  steps: string[];
  lines: Line[];
  stepTotals: Money[];
  stepTotalsBefore: Money[];
  adjustments: Money;
  movers: Mover[];
  summary: string | null;
  tags: string[];
}

/** What did we spend, on what, against what? */
export function Overview() {
  return (
    <MoneyPage<Data>
      title="Overview"
      lead="What did we spend, on what, and against what?"
      path="/api/money/overview"
      grouping={(data) => ({ most: 1, usual: ['model'], tags: data?.tags ?? [] })}
    >
      {(data, asked) => (
        <>
          {data.frame.trust.lastWrite === null ? <Newcomer /> : <Report data={data} asked={asked} />}
          <Traffic currency={data.frame.currency} />
        </>
      )}
    </MoneyPage>
  );
}

function Report({ data, asked }: { data: Data; asked: Asked }) {
  if (isZero(data.figures.spend) && data.figures.requests === 0) {
    return <Nothing />;
  }
  return (
    <>
      {data.summary && (
        <p className="sentence">
          {data.summary} <Link to={asked.link('/changes', { group: null })}>Why it changed</Link>
        </p>
      )}
      <Tiles data={data} asked={asked} />
      <Spend data={data} />
      {data.movers.length > 0 && <Movers data={data} asked={asked} />}
    </>
  );
}

function Tiles({ data, asked }: { data: Data; asked: Asked }) {
  const it = data.figures;
  const currency = data.frame.currency;
  const losing = it.saved.startsWith('-');
  return (
    <Figures label="Key figures">
      <Figure
        id="spend"
        name="Spend"
        value={<Link to={asked.link('/chargeback', { group: null })}>{money(it.spend, currency)}</Link>}
        change={it.spendChange}
        better="less"
      >
        <span className="digits" data-exact={it.spend}>
          {exact(it.spend, currency)}
        </span>
      </Figure>
      <Figure
        id="saved"
        name="Saved, modelled"
        value={isZero(it.baseline) ? '–' : money(it.saved, currency)}
        tone={losing ? 'bad' : isZero(it.baseline) ? undefined : 'good'}
        aside={it.savedShare === null ? undefined : `${percent(it.savedShare, 0)} of ${money(it.baseline, currency)}`}
      >
        {isZero(it.baseline) ? (
          'No route with a baseline was used'
        ) : (
          <span className="digits" data-exact={it.saved}>
            {exact(it.saved, currency)}
          </span>
        )}
      </Figure>
      <Figure
        id="per-answer"
        name="Cost per successful request"
        value={it.perAnswer === null ? '–' : <Link to={asked.link('/units', { group: null })}>{money(it.perAnswer, currency)}</Link>}
        change={it.perAnswerChange}
        better="less"
      >
        {money(it.wasted, currency)} ({percent(it.wastedShare)}) went to calls without an answer
      </Figure>
      <Figure id="requests" name="Requests" value={count(it.requests)} change={it.requestsChange}>
        {count(it.answered)} answered in full; {short(it.inputTokens)} tokens in, {short(it.outputTokens)} out
      </Figure>
    </Figures>
  );
}

const title = (data: Data, line: Line) => (line.value === null ? 'Everything else' : valueName(data.by, line.value));

const COLOURS = 8;

/** A value keeps its colour when the order of cost changes: colours go by name. */
function colours(data: Data): number[] {
  const names = data.lines.map((line) => line.value ?? '~').sort();
  return data.lines.map((line) => names.indexOf(line.value ?? '~') % COLOURS);
}

function Spend({ data }: { data: Data }) {
  const currency = data.frame.currency;
  const colour = colours(data);
  const draw = useCallback((palette: Palette) => option(data, palette), [data]);
  const columns: Column<number>[] = [
    { name: 'When', cell: (i) => stepWords(data.steps[i] ?? '') },
    ...data.lines.map((line) => ({
      name: title(data, line),
      num: true,
      cell: (i: number) => (isZero(line.spend[i] ?? '0') ? <span className="quiet">–</span> : money(line.spend[i] ?? '0', currency)),
      exact: (i: number) => exact(line.spend[i] ?? '0', currency),
    })),
    {
      name: 'All',
      num: true,
      cell: (i) => <b>{money(data.stepTotals[i] ?? '0', currency)}</b>,
      exact: (i) => exact(data.stepTotals[i] ?? '0', currency),
    },
  ];
  const grain = data.steps[0]?.length === 7 ? 'month' : data.steps[0]?.length === 10 ? 'day' : 'hour';
  const most = data.lines[0];
  return (
    <ChartCard
      title={`Spend by ${dimensionName(data.by).toLowerCase()}`}
      summary={`${money(data.figures.spend, currency)} by ${grain}${most ? `; most of it ${title(data, most)}, ${money(most.sum, currency)}` : ''}.${data.stepTotalsBefore.length > 0 ? ' The line is the period before.' : ''}${isZero(data.adjustments) ? '' : ` Corrections of ${money(data.adjustments, currency)} are in the sum, not in the chart.`}`}
      draw={draw}
      table={<DataTable label="Spend over time as a table" columns={columns} rows={data.steps.map((_, i) => i).reverse()} keyOf={(i) => data.steps[i] ?? ''} tall />}
      legend={
        <ul className="legend">
          {data.lines.map((line, i) => (
            <li key={line.value ?? 'rest'}>
              <span className={`swatch series-${(colour[i] ?? 0) + 1}`} />
              {title(data, line)}
              <span className="legend-sum" title={exact(line.sum, currency)}>
                {money(line.sum, currency)}
              </span>
            </li>
          ))}
          {data.stepTotalsBefore.length > 0 && (
            <li>
              <span className="swatch-line" />
              Period before
            </li>
          )}
        </ul>
      }
    />
  );
}

function option(data: Data, palette: Palette): ChartOption {
  const currency = data.frame.currency;
  const colour = colours(data);
  return {
    animation: false,
    ...moneyAxes(data.steps.map(stepWords), currency, palette),
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.line, opacity: 0.35 } },
      className: 'chart-tip',
      backgroundColor: 'transparent',
      borderWidth: 0,
      padding: 0,
      shadowBlur: 0,
      confine: true,
      formatter: (points) => tip(data, Array.isArray(points) ? (points[0]?.dataIndex ?? 0) : points.dataIndex),
    },
    series: [
      ...data.lines.map((line, i) => ({
        type: 'bar' as const,
        name: title(data, line),
        stack: 'spend',
        barMaxWidth: 34,
        barCategoryGap: '28%',
        // Bars are drawn from rounded numbers; every figure that is read comes from the text.
        data: line.spend.map(Number),
        itemStyle: { color: palette.series[colour[i] ?? 0] ?? palette.muted, borderColor: palette.ground, borderWidth: 0.5 },
        emphasis: { disabled: true },
      })),
      ...(data.stepTotalsBefore.length > 0
        ? [
            {
              type: 'line' as const,
              name: 'Period before',
              data: data.stepTotalsBefore.slice(0, data.steps.length).map(Number),
              symbol: 'none',
              step: 'middle' as const,
              lineStyle: { width: 1.6, type: 'dashed' as const, color: palette.muted },
              color: palette.muted,
            },
          ]
        : []),
    ],
  };
}

/** Built as nodes, not as text: inline styles would be refused by the content policy. */
function tip(data: Data, index: number): HTMLElement {
  const currency = data.frame.currency;
  const colour = colours(data);
  const box = document.createElement('div');
  box.className = 'tip';
  const add = (name: string, amount: Money, swatch?: string) => {
    const row = box.appendChild(document.createElement('div'));
    row.className = swatch ? 'tip-row' : 'tip-head';
    if (swatch) {
      row.appendChild(document.createElement('span')).className = swatch;
    }
    row.append(name);
    const value = row.appendChild(document.createElement(swatch ? 'span' : 'b'));
    value.className = swatch ? 'tip-value' : '';
    value.append(money(amount, currency));
  };
  add(stepWords(data.steps[index] ?? ''), data.stepTotals[index] ?? '0');
  data.lines.forEach((line, i) => {
    if (!isZero(line.spend[index] ?? '0')) {
      add(title(data, line), line.spend[index] ?? '0', `swatch series-${(colour[i] ?? 0) + 1}`);
    }
  });
  const before = data.stepTotalsBefore[index];
  if (before !== undefined) {
    add('Period before', before, 'swatch-line');
  }
  return box;
}

function Movers({ data, asked }: { data: Data; asked: Asked }) {
  const currency = data.frame.currency;
  const columns: Column<Mover>[] = [
    {
      name: dimensionName(data.by),
      wide: true,
      cell: (row) =>
        row.value === '' && data.by !== 'tenant' ? (
          <span className="quiet">{valueName(data.by, row.value)}</span>
        ) : (
          <Link className="row-link" to={asked.link('/changes', { [data.by]: row.value, group: null })}>
            {valueName(data.by, row.value)}
          </Link>
        ),
    },
    { name: 'Before', num: true, cell: (row) => money(row.before, currency), exact: (row) => exact(row.before, currency) },
    { name: 'Now', num: true, cell: (row) => money(row.now, currency), exact: (row) => exact(row.now, currency) },
    {
      name: 'Difference',
      num: true,
      cell: (row) => (
        <span className={row.difference.startsWith('-') ? 'gain' : 'loss'}>
          {row.difference.startsWith('-') ? '' : '+'}
          {money(row.difference, currency)}
        </span>
      ),
      exact: (row) => exact(row.difference, currency),
    },
    { name: 'Change', num: true, cell: (row) => <Change value={row.change} /> },
  ];
  return (
    <Card title="What moved most" summary="Against the period before. A name tells why.">
      <DataTable label="What moved most" columns={columns} rows={data.movers} keyOf={(row) => row.value} />
    </Card>
  );
}

/** Where requests go now: the same whatever period is chosen above. */
function Traffic({ currency }: { currency: string }) {
  const verdicts = useLoad('verdicts', overview.verdicts);
  const latest = useLoad('overview:24h', (signal) => overview.overview('24h', signal));
  const rows = latest.data?.decisions ?? [];
  return (
    <>
      <Swaps rows={verdicts.data?.routes ?? []} error={verdicts.error} now={Date.parse(latest.data?.generatedAt ?? new Date().toISOString())} />
      {rows.length > 0 && <Decisions rows={rows} currency={currency} />}
    </>
  );
}
