import { useCallback } from 'react';
import { count, exact, money, percent, short } from '../../frame/format';
import { Link } from '../../frame/router';
import { Card } from '../../parts/Card';
import { ChartCard } from '../../parts/ChartCard';
import { type Column, DataTable } from '../../parts/DataTable';
import type { ChartOption, Palette } from '../../parts/Drawing';
import { Figure, Figures } from '../../parts/Figure';
import { type Asked, dimensionName, valueName } from '../asked';
import { MoneyPage } from '../MoneyPage';
import { moneyAxes } from '../moneyAxes';
import { Nothing } from '../Nothing';
import { isZero, stepWords } from '../words';
import type { CacheData, Engine, Offender, RouteAnswers } from './api';
import { Meter, Net } from './words';

/** What do caches earn? */
export function Caches() {
  return (
    <MoneyPage<CacheData>
      title="Caches"
      lead="What do caches earn? Vendors read a known beginning of a prompt for less, the gateway answers the same request again for nothing."
      path="/api/money/cache"
      grouping={() => ({ most: 1, usual: ['model'] })}
      compares={false}
    >
      {(data, asked) =>
        data.total.fresh === 0 && data.total.read === 0 && data.answers.requests === 0 ? (
          <Nothing />
        ) : (
          <>
            <Sentence data={data} />
            <Tiles data={data} />
            <Tokens data={data} />
            <NetByStep data={data} />
            <Rows data={data} asked={asked} />
            <Offenders data={data} asked={asked} />
            <Answers data={data} asked={asked} />
            <Engines engines={data.engines} />
          </>
        )
      }
    </MoneyPage>
  );
}

function Sentence({ data }: { data: CacheData }) {
  const { total } = data;
  const currency = data.frame.currency;
  const lost = total.net.startsWith('-');
  return (
    <p className="sentence" data-figure="cache-summary">
      Caches gave {percent(total.hitRatio)} of all prompt tokens, and those of vendors {lost ? 'cost' : 'saved'} {money(total.net.replace('-', ''), currency)}
      {isZero(total.extra) ? '' : `: ${money(total.saved, currency)} saved on what was read, less ${money(total.extra, currency)} paid extra for what was written`}.
      {data.answers.hits > 0 && ` The gateway answered ${count(data.answers.hits)} requests (${percent(data.answers.share)}) from its own cache.`}
    </p>
  );
}

function Tiles({ data }: { data: CacheData }) {
  const { total, answers } = data;
  const currency = data.frame.currency;
  return (
    <Figures label="Caches in figures">
      <Figure id="cache-net" name="Vendors’ caches, net" value={<Net amount={total.net} currency={currency} />}>
        <span className="digits" data-exact={total.net}>
          {exact(total.net, currency)}
        </span>
      </Figure>
      <Figure id="cache-ratio" name="Prompts read from a cache" value={percent(total.hitRatio)}>
        {short(total.read)} tokens read, {short(total.fresh)} fresh, {short(total.written)} written
      </Figure>
      <Figure id="cache-writes" name="Paid extra for writing" value={money(total.extra, currency)}>
        {total.breakEven === null
          ? 'No write was dearer than a fresh token.'
          : `A written token pays from ${total.breakEven.toFixed(2)} reads on; it was read ${total.readsPerWrite?.toFixed(1) ?? '0'} times${total.readsPerWrite !== null && total.readsPerWrite < total.breakEven ? ', too seldom' : ''}`}
      </Figure>
      <Figure id="cache-answers" name="Answers given again" value={answers.requests === 0 ? '–' : percent(answers.share)}>
        {count(answers.hits)} of {count(answers.requests)} requests; the same answers had cost {money(answers.avoided, currency)}
      </Figure>
    </Figures>
  );
}

const grain = (steps: string[]) => (steps[0]?.length === 7 ? 'month' : steps[0]?.length === 10 ? 'day' : 'hour');

const KINDS = [
  { id: 'read', name: 'Read from a cache', series: 0 },
  { id: 'written', name: 'Written to a cache', series: 1 },
  { id: 'fresh', name: 'Fresh', series: 2 },
] as const;

function Tokens({ data }: { data: CacheData }) {
  const draw = useCallback((palette: Palette) => tokens(data, palette), [data]);
  const columns: Column<number>[] = [
    { name: 'When', cell: (i) => stepWords(data.steps[i] ?? '') },
    ...KINDS.map((kind): Column<number> => ({ name: kind.name, num: true, cell: (i) => count(data.series[i]?.[kind.id] ?? 0) })),
    { name: 'From a cache', num: true, cell: (i) => percent(data.series[i]?.hitRatio ?? null) },
  ];
  return (
    <ChartCard
      title="Prompt tokens"
      summary={`By ${grain(data.steps)}: ${percent(data.total.hitRatio)} of ${short(data.total.fresh + data.total.read + data.total.written)} tokens came from a cache, of vendors or of own machines.`}
      draw={draw}
      legend={
        <ul className="legend">
          {KINDS.map((kind) => (
            <li key={kind.id}>
              <span className={`swatch series-${kind.series + 1}`} />
              {kind.name}
            </li>
          ))}
        </ul>
      }
      table={<DataTable label="Prompt tokens as a table" columns={columns} rows={data.steps.map((_, i) => i).reverse()} keyOf={(i) => data.steps[i] ?? ''} tall />}
    />
  );
}

function tokens(data: CacheData, palette: Palette): ChartOption {
  const axes = moneyAxes(data.steps.map(stepWords), data.frame.currency, palette);
  return {
    animation: false,
    ...axes,
    yAxis: { ...axes.yAxis, axisLabel: { color: palette.muted, fontSize: 12, formatter: (value: number) => short(value) } },
    aria: { enabled: true, decal: { show: false } },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.line, opacity: 0.35 } },
      valueFormatter: (value) => (typeof value === 'number' ? short(value) : '–'),
      backgroundColor: palette.ground,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 13 },
      extraCssText: 'border-radius:10px',
      confine: true,
    },
    series: KINDS.map((kind) => ({
      type: 'bar' as const,
      name: kind.name,
      stack: 'tokens',
      barMaxWidth: 34,
      barCategoryGap: '28%',
      data: data.series.map((point) => point[kind.id]),
      itemStyle: { color: palette.series[kind.series] ?? palette.muted, borderColor: palette.ground, borderWidth: 0.5 },
      emphasis: { disabled: true },
    })),
  };
}

function NetByStep({ data }: { data: CacheData }) {
  const currency = data.frame.currency;
  const draw = useCallback((palette: Palette) => nets(data, palette), [data]);
  const columns: Column<number>[] = [
    { name: 'When', cell: (i) => stepWords(data.steps[i] ?? '') },
    { name: 'Net', num: true, cell: (i) => <Net amount={data.series[i]?.net ?? '0'} currency={currency} />, exact: (i) => exact(data.series[i]?.net ?? '0', currency) },
  ];
  return (
    <ChartCard
      small
      title="Net effect"
      summary={`By ${grain(data.steps)}, ${money(data.total.net, currency)} together: what reads saved less what writes cost extra.`}
      draw={draw}
      table={<DataTable label="Net effect as a table" columns={columns} rows={data.steps.map((_, i) => i).reverse()} keyOf={(i) => data.steps[i] ?? ''} tall />}
    />
  );
}

function nets(data: CacheData, palette: Palette): ChartOption {
  const currency = data.frame.currency;
  return {
    animation: false,
    ...moneyAxes(data.steps.map(stepWords), currency, palette),
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: palette.line, opacity: 0.35 } },
      valueFormatter: (value) => (typeof value === 'number' ? money(String(value), currency) : '–'),
      backgroundColor: palette.ground,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 13 },
      extraCssText: 'border-radius:10px',
      confine: true,
    },
    series: [
      {
        type: 'bar',
        name: 'Net',
        barMaxWidth: 34,
        barCategoryGap: '28%',
        data: data.series.map((point) => ({ value: Number(point.net), itemStyle: { color: point.net.startsWith('-') ? palette.bad : palette.good } })),
        emphasis: { disabled: true },
      },
    ],
  };
}

function Rows({ data, asked }: { data: CacheData; asked: Asked }) {
  const currency = data.frame.currency;
  const columns: Column<CacheData['rows'][number]>[] = [
    {
      name: dimensionName(data.by),
      wide: true,
      cell: (row) =>
        row.value === '' ? (
          <span className="quiet">{valueName(data.by, row.value)}</span>
        ) : (
          <Link className="row-link" to={asked.link('/cache', { [data.by]: row.value })}>
            {valueName(data.by, row.value)}
          </Link>
        ),
    },
    { name: 'From a cache', cell: (row) => <Meter share={row.worth.hitRatio} label={percent(row.worth.hitRatio)} /> },
    { name: 'Read', num: true, cell: (row) => short(row.worth.read), exact: (row) => `${count(row.worth.read)} tokens` },
    { name: 'Fresh', num: true, cell: (row) => short(row.worth.fresh), exact: (row) => `${count(row.worth.fresh)} tokens` },
    { name: 'Saved', num: true, cell: (row) => money(row.worth.saved, currency), exact: (row) => exact(row.worth.saved, currency) },
    { name: 'Paid extra', num: true, title: 'For writing', cell: (row) => money(row.worth.extra, currency), exact: (row) => exact(row.worth.extra, currency) },
    {
      name: 'Net',
      num: true,
      cell: (row) => (
        <b>
          <Net amount={row.worth.net} currency={currency} />
        </b>
      ),
      exact: (row) => exact(row.worth.net, currency),
    },
    {
      name: 'Reads a write',
      num: true,
      title: 'Tokens read for each token written, and how many it takes until a write has paid for itself',
      cell: (row) =>
        row.worth.readsPerWrite === null ? (
          <span className="quiet">–</span>
        ) : (
          `${row.worth.readsPerWrite.toFixed(1)}${row.worth.breakEven === null ? '' : `, pays from ${row.worth.breakEven.toFixed(2)}`}`
        ),
    },
    {
      name: 'Calls',
      cell: (row) =>
        row.value === '' ? '' : (
          <Link to={asked.link('/requests', { [data.by]: row.value, group: null })}>
            show<span className="hidden"> the calls of {row.value}</span>
          </Link>
        ),
    },
  ];
  const { total } = data;
  return (
    <Card
      title={`By ${dimensionName(data.by).toLowerCase()}`}
      summary={`What each token would have cost fresh, by the very version of the price that charged it, less what it did cost.${
        total.unknown > 0 ? ` ${short(total.unknown)} tokens of versions that the price book no longer has are in no amount.` : ''
      }`}
    >
      <DataTable
        label="Caches in parts"
        columns={columns}
        rows={data.rows}
        keyOf={(row) => row.value}
        tall={data.rows.length > 14}
        total={[
          'Together',
          percent(total.hitRatio),
          short(total.read),
          short(total.fresh),
          money(total.saved, currency),
          money(total.extra, currency),
          <Net key="net" amount={total.net} currency={currency} />,
          '',
          '',
        ]}
      />
    </Card>
  );
}

function Offenders({ data, asked }: { data: CacheData; asked: Asked }) {
  const currency = data.frame.currency;
  const columns: Column<Offender>[] = [
    {
      name: 'Route and model',
      wide: true,
      cell: (row) => (
        <span className="two-lines">
          <Link className="row-link" to={asked.link('/requests', { route: row.route, model: row.model, group: null })}>
            {row.route}
          </Link>
          <span className="quiet">{row.model}</span>
        </span>
      ),
    },
    { name: 'A prompt', num: true, title: 'Tokens on average', cell: (row) => `${short(row.promptPerCall)} tokens` },
    { name: 'From a cache', cell: (row) => <Meter share={row.hitRatio} label={percent(row.hitRatio)} /> },
    { name: 'Fresh, cost', num: true, cell: (row) => money(row.freshCost, currency), exact: (row) => exact(row.freshCost, currency) },
    { name: 'Fresh / read', num: true, title: 'For a million tokens, by the prices in force', cell: (row) => `${money(row.freshPrice, currency)} / ${money(row.readPrice, currency)}` },
    {
      name: 'A tenth more hits',
      num: true,
      title: 'Saved if a tenth of its fresh tokens were read from the cache',
      cell: (row) => <b>{money(row.tenth, currency)}</b>,
      exact: (row) => exact(row.tenth, currency),
    },
  ];
  return (
    <Card
      title="Long prompts that no cache knew"
      summary="Routes with prompts of 1,024 tokens and more of which less than half was read from the vendor’s cache. Whether they begin alike is not known here: the ledger holds no content. Fixed instructions first, what changes last, is what lets a vendor’s cache work."
    >
      {data.offenders.length === 0 ? (
        <p className="quiet">No long prompt of a model with a cheaper price for cached tokens went by its cache.</p>
      ) : (
        <DataTable label="Long prompts that no cache knew" columns={columns} rows={data.offenders} keyOf={(row) => `${row.route} ${row.model}`} />
      )}
    </Card>
  );
}

function Answers({ data, asked }: { data: CacheData; asked: Asked }) {
  const currency = data.frame.currency;
  const columns: Column<RouteAnswers>[] = [
    {
      name: 'Route',
      wide: true,
      cell: (row) => (
        <Link className="row-link" to={asked.link('/requests', { route: row.route, role: 'CACHE_HIT', group: null })}>
          {row.route}
        </Link>
      ),
    },
    { name: 'Of its requests', cell: (row) => <Meter share={row.share} label={percent(row.share)} /> },
    { name: 'Answered again', num: true, cell: (row) => count(row.hits) },
    { name: 'Requests', num: true, cell: (row) => count(row.requests) },
    { name: 'Had cost', num: true, cell: (row) => money(row.avoided, currency), exact: (row) => exact(row.avoided, currency) },
  ];
  return (
    <Card
      title="The gateway’s own cache"
      summary="The same request, answered again without a call. What the kept answers had cost when they were first given, or what the baseline would have cost, was spared."
    >
      {data.answers.hits === 0 ? (
        <p className="quiet">No request was answered again. A route keeps answers with cache: in its configuration.</p>
      ) : (
        <DataTable
          label="Answers given again by route"
          columns={columns}
          rows={data.answers.routes}
          keyOf={(row) => row.route}
          total={['Together', percent(data.answers.share), count(data.answers.hits), count(data.answers.requests), money(data.answers.avoided, currency)]}
        />
      )}
    </Card>
  );
}

/** Prefixes that engines of this process knew; they cost no money, but time. */
function Engines({ engines }: { engines: Engine[] }) {
  const ready = engines.filter((one) => one.load !== null);
  const columns: Column<Engine>[] = [
    { name: 'Model', wide: true, cell: (row) => row.model },
    {
      name: 'Not computed again',
      cell: (row) => {
        const all = (row.load?.promptTokens ?? 0) + (row.load?.cachedTokens ?? 0);
        const share = all === 0 ? null : (row.load?.cachedTokens ?? 0) / all;
        return <Meter share={share} label={percent(share)} />;
      },
    },
    { name: 'Known tokens', num: true, cell: (row) => count(row.load?.cachedTokens ?? 0) },
    { name: 'Computed tokens', num: true, cell: (row) => count(row.load?.promptTokens ?? 0) },
  ];
  return (
    <Card
      title="Engines in this process, now"
      summary="Prompts of the same tenant that begin alike are computed once. Counted since each model was loaded; not part of the period above."
    >
      {ready.length === 0 ? (
        <p className="quiet">No local model is loaded.</p>
      ) : (
        <DataTable label="Prefixes of local models" columns={columns} rows={ready} keyOf={(row) => row.model} />
      )}
    </Card>
  );
}
