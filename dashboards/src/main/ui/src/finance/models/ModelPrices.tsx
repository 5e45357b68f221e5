import { useCallback } from 'react';
import { count, duration, exact, money, percent, short } from '../../frame/format';
import { Link, useChoice, usePlace } from '../../frame/router';
import { useLoad } from '../../frame/useLoad';
import { Badge } from '../../parts/Badge';
import { Card } from '../../parts/Card';
import { ChartCard } from '../../parts/ChartCard';
import { type Column, DataTable } from '../../parts/DataTable';
import type { ChartOption, Palette } from '../../parts/Drawing';
import { Figure, Figures } from '../../parts/Figure';
import { Segmented } from '../../parts/Segmented';
import type { Asked } from '../asked';
import * as books from '../books/api';
import { Proposals } from '../books/Proposals';
import { MoneyPage } from '../MoneyPage';
import { Nothing } from '../Nothing';
import { isZero } from '../words';
import type { ModelRow, Models } from './api';
import { OpenedModel } from './OpenedModel';
import { base, exactly, orDash, since } from './words';

/** What do models cost by the book, and what did we pay for them? */
export function ModelPrices() {
  const { query } = usePlace();
  const more: Record<string, string> = {};
  for (const name of ['of', 'instead']) {
    const value = query.get(name);
    if (value) {
      more[name] = value;
    }
  }
  return (
    <MoneyPage<Models>
      title="Models and prices"
      lead="What does each model cost by the book, what did we really pay, and what would another one have cost?"
      path="/api/money/models"
      more={more}
      compares={false}
    >
      {(data, asked) => (
        <>
          {data.total.calls === 0 ? <Nothing /> : <Tiles data={data} asked={asked} />}
          {data.opened && <OpenedModel opened={data.opened} data={data} asked={asked} />}
          {data.total.calls > 0 && !data.opened && <Paid data={data} />}
          <Table data={data} asked={asked} />
          {!data.opened && <Waiting />}
        </>
      )}
    </MoneyPage>
  );
}

/** Prices that wait for somebody to decide. */
function Waiting() {
  const waiting = useLoad('prices:', (signal) => books.prices('', signal), 60_000);
  return waiting.data && waiting.data.proposals.length + waiting.data.decided.length > 0 ? <Proposals prices={waiting.data} reload={waiting.reload} /> : null;
}

const grave = (row: ModelRow) => row.findings.some((one) => one.severity !== 'note');

function Tiles({ data, asked }: { data: Models; asked: Asked }) {
  const it = data.total;
  const currency = data.frame.currency;
  const used = data.rows.filter((row) => row.use.calls > 0);
  const odd = data.rows.filter(grave);
  return (
    <Figures label="Models in figures">
      <Figure id="models-spend" name="Spend on calls" value={<Link to={asked.link('/requests', { compare: null, group: null })}>{money(it.spend, currency)}</Link>}>
        <span className="digits" data-exact={it.spend}>
          {exact(it.spend, currency)}
        </span>
      </Figure>
      <Figure id="models-million" name="Paid for a million tokens" value={orDash(it.perMillion, currency)}>
        {orDash(it.perMillionIn, currency)} in prompts, {orDash(it.perMillionOut, currency)} in answers; {percent(it.cachedShare)} of prompts from a cache
      </Figure>
      <Figure id="models-list" name="Below the vendors’ lists" value={it.discount === null ? '–' : percent(it.discount)}>
        {orDash(it.list, currency)} at list, by contract and the vendors’ own word {money(it.spend, currency)}
        {!isZero(it.unlisted) && `, ${money(it.unlisted, currency)} of it without a known list price`}
      </Figure>
      <Figure id="models-odd" name="Need a look" value={count(odd.length)} tone={odd.length > 0 ? 'bad' : undefined}>
        of {count(data.rows.length)} models, {count(used.length)} in use; {it.unpriced === 0 ? 'every call has a price' : `${count(it.unpriced)} calls have no price`}
      </Figure>
    </Figures>
  );
}

const BARS = 14;

/** What a million tokens came to, model by model: the mix of fresh, cached and written tokens is in it. */
function Paid({ data }: { data: Models }) {
  const currency = data.frame.currency;
  const rows = data.rows.filter((row) => row.use.perMillion !== null).slice(0, BARS);
  const draw = useCallback((palette: Palette) => option(data, palette), [data]);
  const dear = [...rows].sort((a, b) => Number(b.use.perMillion) - Number(a.use.perMillion));
  const [first] = dear;
  const last = dear.at(-1);
  const columns: Column<ModelRow>[] = [
    { name: 'Model', wide: true, cell: (row) => row.model },
    { name: 'All tokens', num: true, cell: (row) => <b>{orDash(row.use.perMillion, currency)}</b>, exact: (row) => exactly(row.use.perMillion, currency) },
    { name: 'Prompts', num: true, cell: (row) => orDash(row.use.perMillionIn, currency), exact: (row) => exactly(row.use.perMillionIn, currency) },
    { name: 'Answers', num: true, cell: (row) => orDash(row.use.perMillionOut, currency), exact: (row) => exactly(row.use.perMillionOut, currency) },
  ];
  return (
    <ChartCard
      title="Paid for a million tokens"
      summary={
        first && last
          ? `The ${rows.length} models on which most is spent: from ${orDash(last.use.perMillion, currency)} (${last.model}) to ${orDash(first.use.perMillion, currency)} (${first.model}), prompts and answers as they were mixed.`
          : 'No model with a price was used.'
      }
      draw={draw}
      table={<DataTable label="Paid for a million tokens, as a table" columns={columns} rows={dear} keyOf={(row) => `${row.model} ${row.vendor}`} />}
    />
  );
}

function option(data: Models, palette: Palette): ChartOption {
  const currency = data.frame.currency;
  const rows = data.rows
    .filter((row) => row.use.perMillion !== null)
    .slice(0, BARS)
    .sort((a, b) => Number(a.use.perMillion) - Number(b.use.perMillion));
  return {
    animation: false,
    grid: { left: 4, right: 64, top: 6, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    xAxis: { type: 'value', splitNumber: 4, splitLine: { lineStyle: { color: palette.line, type: [3, 4] } }, axisLabel: { show: false } },
    yAxis: {
      type: 'category',
      data: rows.map((row) => row.model),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette.text, fontSize: 12, width: innerWidth < 600 ? 120 : 260, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        // Drawn from rounded numbers; every figure that is read comes from the text.
        data: rows.map((row) => Number(row.use.perMillion)),
        barMaxWidth: 16,
        itemStyle: { color: palette.series[0] ?? palette.text, borderRadius: [0, 3, 3, 0] },
        emphasis: { disabled: true },
        label: {
          show: true,
          position: 'right',
          color: palette.text,
          fontSize: 12,
          formatter: (point) => orDash(rows[point.dataIndex]?.use.perMillion ?? null, currency),
        },
      },
    ],
  };
}

const SHOWN = [
  { id: 'used', label: 'In use' },
  { id: 'odd', label: 'Need a look' },
  { id: 'all', label: 'All' },
] as const;

function Table({ data, asked }: { data: Models; asked: Asked }) {
  const currency = data.frame.currency;
  const [shown, show] = useChoice('show', ['used', 'odd', 'all'] as const, 'used');
  const which = {
    used: data.rows.filter((row) => row.use.calls > 0),
    odd: data.rows.filter(grave),
    all: data.rows,
  };
  const rows = which[shown];
  return (
    <Card
      title="Model by model"
      summary="A model shows its price over time, what was bought and what another would have cost; its spend shows the calls. Prices are for a million tokens, of the standard tier, for prompts of any size."
      actions={
        <Segmented
          label="Which models"
          options={SHOWN.map((one) => ({ ...one, count: count(which[one.id].length) }))}
          value={shown}
          choose={show}
        />
      }
    >
      {rows.length === 0 ? (
        <p className="quiet">{shown === 'odd' ? 'Every price in use is in force and looks sound.' : 'No model was called.'}</p>
      ) : (
        <DataTable
          label="Models and prices"
          className="model-prices"
          columns={columns(currency, asked)}
          rows={rows}
          keyOf={(row) => `${row.model} ${row.vendor}`}
        />
      )}
    </Card>
  );
}

function columns(currency: string, asked: Asked): Column<ModelRow>[] {
  return [
    {
      name: 'Model',
      wide: true,
      cell: (row) => (
        <span className="two-lines">
          <Link className="row-link" to={asked.link('/models', { of: row.model, compare: null, group: null })}>
            {row.model}
          </Link>
          <span className="quiet">
            {row.open === null ? 'not in the configuration' : row.open ? 'open weights' : 'closed'}
            {row.sku !== row.model && `, sold as ${row.sku}`}
          </span>
          <Notes row={row} />
        </span>
      ),
    },
    { name: 'By the book', wide: true, title: 'Prompt, cached prompt and answer; for a million tokens', cell: (row) => <Book row={row} /> },
    {
      name: 'Paid',
      num: true,
      title: 'For a million tokens of prompts and answers together; beneath it each by itself',
      cell: (row) => (
        <span className="two-lines">
          <b>{orDash(row.use.perMillion, currency)}</b>
          <span className="quiet">
            {row.use.perMillionIn === null && row.use.perMillionOut === null
              ? ''
              : `${orDash(row.use.perMillionIn, currency)} / ${orDash(row.use.perMillionOut, currency)}`}
          </span>
        </span>
      ),
      exact: (row) => exactly(row.use.perMillion, currency),
    },
    { name: 'Cached', num: true, title: 'Of the prompts’ tokens', cell: (row) => percent(row.use.cachedShare) },
    {
      name: 'Calls',
      num: true,
      cell: (row) => (
        <span className="two-lines">
          {short(row.use.calls)}
          <span className="quiet">{percent(row.callShare)}</span>
        </span>
      ),
    },
    { name: 'Success', num: true, title: 'Of the calls that the vendor could answer', cell: (row) => percent(row.use.success, 2) },
    {
      name: 'Took',
      num: true,
      title: 'Half of the calls, and 95 % of them, of all callers; within 2.5 %',
      cell: (row) => (
        <span className="two-lines">
          {duration(row.p50Millis)}
          <span className="quiet">{duration(row.p95Millis)}</span>
        </span>
      ),
    },
    {
      name: 'Spend',
      num: true,
      cell: (row) => (
        <span className="two-lines">
          <Link to={asked.link('/requests', { model: row.model, compare: null, group: null })}>
            <b>{money(row.use.spend, currency)}</b>
          </Link>
          <span className="quiet">
            {percent(row.spendShare)}
            {row.use.discount !== null && row.use.list !== null && !isZero(row.use.list) && row.use.discount !== 0 && `, ${row.use.discount > 0 ? '−' : '+'}${percent(Math.abs(row.use.discount))} of list`}
          </span>
        </span>
      ),
      exact: (row) => exact(row.use.spend, currency),
    },
  ];
}

function Book({ row }: { row: ModelRow }) {
  if (row.price === null) {
    return <Badge tone="bad">no price</Badge>;
  }
  const [input, cached, output] = ['input', 'cache_read', 'output'].map((bucket) => base(row.price, bucket));
  const machine = base(row.price, 'gpu_second');
  return (
    <span className="two-lines book" title={`${row.price.id}: ${row.price.source}`}>
      <span>{machine ? 'the machine’s hours' : [input, cached, output].map((one) => one ?? '–').join(' · ')}</span>
      <span className="quiet">
        {row.price.basis === 'list' ? 'list' : row.price.basis.replaceAll('_', ' ')}, since {since(row.price.from)}
        {row.list && `; list ${['input', 'output'].map((bucket) => base(row.list, bucket) ?? '–').join(' · ')}`}
      </span>
    </span>
  );
}

function Notes({ row }: { row: ModelRow }) {
  if (row.findings.length === 0) {
    return null;
  }
  return (
    <ul className="notes">
      {row.findings.slice(0, 3).map((one) => (
        <li key={one.message} className={one.severity}>
          {one.message}
        </li>
      ))}
      {row.findings.length > 3 && <li className="note">and {row.findings.length - 3} more: ./pareto prices lint</li>}
    </ul>
  );
}
