import { useCallback } from 'react';
import { count, exact, money, signed } from '../../frame/format';
import { Link, setQuery } from '../../frame/router';
import { useLoad } from '../../frame/useLoad';
import { Card } from '../../parts/Card';
import { ChartCard } from '../../parts/ChartCard';
import { type Column, DataTable } from '../../parts/DataTable';
import type { ChartOption, Palette } from '../../parts/Drawing';
import type { Asked } from '../asked';
import { Choice } from '../Bar';
import * as books from '../books/api';
import type { Version } from '../books/api';
import { Proposals } from '../books/Proposals';
import { moneyAxes } from '../moneyAxes';
import { isZero, stepWords } from '../words';
import type { BoughtLine, Models, Opened, WhatIf } from './api';
import { Net, base, bucketName, exactly, orDash, since } from './words';

/** One model in full: its price over time, what was bought, and what another would have cost. */
export function OpenedModel({ opened, data, asked }: { opened: Opened; data: Models; asked: Asked }) {
  const currency = data.frame.currency;
  const waiting = useLoad(`prices:${opened.sku}`, (signal) => books.prices(opened.sku, signal), 60_000);
  const proposals = waiting.data?.proposals.filter((one) => one.sku === opened.sku) ?? [];
  const decided = waiting.data?.decided.filter((one) => one.sku === opened.sku) ?? [];
  return (
    <>
      <p className="sentence" data-figure="opened">
        <b>{opened.model}</b>, price by price. <Link to={asked.link('/models')}>Back to all models</Link>
      </p>
      <Over opened={opened} currency={currency} />
      <Instead opened={opened} data={data} />
      <Card title="What was bought" summary="Each bucket at each price of the period; together they are the model’s spend.">
        <DataTable label="What was bought" columns={lines(currency)} rows={opened.bought} keyOf={(line) => `${line.bucket} ${line.priceVersion} ${line.unitPrice}`} tall />
      </Card>
      {waiting.data && proposals.length + decided.length > 0 && <Proposals prices={{ ...waiting.data, proposals, decided }} reload={waiting.reload} />}
      <Card
        title="Its price over time"
        summary={opened.history.length === 0 ? `Nobody stated a price of ${opened.sku}.` : `Every version of ${opened.sku}, newest first; for a million tokens where nothing else is said. None is ever edited.`}
      >
        {opened.history.length > 0 && <DataTable label={`Versions of the price of ${opened.sku}`} columns={versions()} rows={opened.history} keyOf={(one) => one.id} tall />}
      </Card>
    </>
  );
}

/** Where the list stood at each step: the version of the standard tier that held then. */
function listAt(opened: Opened, step: string, bucket: string): number | null {
  const at = step.length === 7 ? `${step}-15` : step.slice(0, 10);
  const held = opened.history
    .filter((one) => one.tier === 'standard' && one.basis === 'list' && one.from.slice(0, 10) <= at && (one.to === null || one.to.slice(0, 10) > at))
    .sort((a, b) => b.from.localeCompare(a.from))[0];
  const price = held?.prices.find((one) => one.bucket === bucket && one.fromPromptTokens === 0 && one.hours === '' && one.per === '1000000');
  return price ? Number(price.price) : null;
}

function Over({ opened, currency }: { opened: Opened; currency: string }) {
  const draw = useCallback((palette: Palette) => option(opened, currency, palette), [opened, currency]);
  const last = opened.series.findLast((point) => point.perMillion !== null);
  const timed = last !== undefined && last.perMillionIn === null;
  const columns: Column<number>[] = [
    { name: 'When', cell: (i) => stepWords(opened.steps[i] ?? '') },
    { name: 'Prompts, a million', num: true, cell: (i) => orDash(opened.series[i]?.perMillionIn ?? null, currency), exact: (i) => exactly(opened.series[i]?.perMillionIn ?? null, currency) },
    { name: 'Answers, a million', num: true, cell: (i) => orDash(opened.series[i]?.perMillionOut ?? null, currency), exact: (i) => exactly(opened.series[i]?.perMillionOut ?? null, currency) },
    { name: 'Tokens', num: true, cell: (i) => count(opened.series[i]?.tokens ?? 0) },
    { name: 'Spend', num: true, cell: (i) => money(opened.series[i]?.spend ?? '0', currency), exact: (i) => exact(opened.series[i]?.spend ?? '0', currency) },
  ];
  return (
    <ChartCard
      title="Listed and paid"
      summary={
        timed
          ? `A million tokens lately cost ${orDash(last.perMillion, currency)} of the machine’s time, which buys prompts and answers alike; what it cost while idle is on the page of capacity.`
          : last
            ? `A million tokens lately cost ${orDash(last.perMillionIn, currency)} in prompts and ${orDash(last.perMillionOut, currency)} in answers. The dashed lines are the vendor’s list for fresh prompts and answers: caches and contracts pull below it, written and reasoning tokens above.`
            : 'No token of it was paid for in this period.'
      }
      draw={draw}
      legend={
        <ul className="legend">
          <li>
            <span className="swatch series-1" /> {timed ? 'Prompts and answers' : 'Prompts, paid'}
          </li>
          {!timed && (
            <>
              <li>
                <span className="swatch series-2" /> Answers, paid
              </li>
              <li>
                <span className="swatch-line" /> The vendor’s list
              </li>
            </>
          )}
        </ul>
      }
      table={<DataTable label="Listed and paid, as a table" columns={columns} rows={opened.steps.map((_, i) => i).reverse()} keyOf={(i) => opened.steps[i] ?? ''} tall />}
    />
  );
}

function option(opened: Opened, currency: string, palette: Palette): ChartOption {
  const line = (name: string, colour: string | undefined, values: (number | null)[], dashed: boolean) => ({
    type: 'line' as const,
    name,
    // Drawn from rounded numbers; every figure that is read comes from the text.
    data: values,
    connectNulls: !dashed,
    showSymbol: values.length < 3,
    ...(dashed && { step: 'middle' as const }),
    lineStyle: { width: dashed ? 1.5 : 2.4, type: dashed ? ('dashed' as const) : ('solid' as const) },
    color: colour ?? palette.text,
  });
  const paid = (which: 'perMillion' | 'perMillionIn' | 'perMillionOut') => opened.series.map((point) => (point[which] === null ? null : Number(point[which])));
  const timed = opened.series.every((point) => point.perMillionIn === null);
  return {
    animation: false,
    ...moneyAxes(opened.steps.map(stepWords), currency, palette),
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? money(String(value), currency) : '–'),
      backgroundColor: palette.ground,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 13 },
      extraCssText: 'border-radius:10px',
      confine: true,
    },
    series: timed ? [line('Prompts and answers', palette.series[0], paid('perMillion'), false)] : [
      line('Prompts, paid', palette.series[0], paid('perMillionIn'), false),
      line('Answers, paid', palette.series[1], paid('perMillionOut'), false),
      line('Prompts, list', palette.series[0], opened.steps.map((step) => listAt(opened, step, 'input')), true),
      line('Answers, list', palette.series[1], opened.steps.map((step) => listAt(opened, step, 'output')), true),
    ],
  };
}

function Instead({ opened, data }: { opened: Opened; data: Models }) {
  const currency = data.frame.currency;
  const it = opened.whatIf;
  return (
    <Card
      title="The same tokens at another price"
      summary={
        it === null
          ? 'Choose a model, and every bucket of this one is laid at that one’s price.'
          : it.would === null
            ? `${it.model} has no price for some of what was used, so that the whole cannot be told.`
            : `${money(it.paid, currency)} paid here, ${money(it.would, currency)} there. This is arithmetic on prices: another model counts tokens in its own way, answers at another length and may be wrong more often; prompts above a band’s size pay more.`
      }
      actions={
        <Choice label="Instead" value={it?.model ?? ''} choose={(model) => setQuery({ instead: model || null })}>
          <option value="">Choose a model</option>
          {it && !data.comparable.includes(it.model) && <option value={it.model}>{it.model}</option>}
          {data.comparable
            .filter((model) => model !== opened.model)
            .map((model) => (
              <option key={model} value={model}>
                {model}
              </option>
            ))}
        </Choice>
      }
    >
      {it && <Laid it={it} currency={currency} />}
    </Card>
  );
}

function Laid({ it, currency }: { it: WhatIf; currency: string }) {
  const columns: Column<WhatIf['lines'][number]>[] = [
    { name: 'Bucket', cell: (line) => bucketName(line.bucket) },
    { name: 'Quantity', num: true, cell: (line) => count(line.quantity) },
    { name: 'Paid', num: true, cell: (line) => money(line.paid, currency), exact: (line) => exact(line.paid, currency) },
    {
      name: 'Price there',
      num: true,
      cell: (line) => (line.unitPrice === null ? <span className="quiet">{line.bucket === 'gpu_second' ? 'in its tokens' : 'none'}</span> : `${line.unitPrice} per ${count(Number(line.per))}`),
    },
    { name: 'Priced as', cell: (line) => (line.as === line.bucket ? '' : bucketName(line.as)) },
    { name: 'Would cost', num: true, cell: (line) => orDash(line.would, currency), exact: (line) => exactly(line.would, currency) },
  ];
  return (
    <>
      <DataTable
        label={`The same tokens at the price of ${it.model}`}
        columns={columns}
        rows={it.lines}
        keyOf={(line) => line.bucket}
        total={[
          'Together',
          '',
          money(it.paid, currency),
          '',
          '',
          <span key="would">
            {orDash(it.would, currency)} {it.change !== null && <b>({signed(it.change)})</b>}
          </span>,
        ]}
      />
      <p className="quiet aside">
        {it.difference !== null && (
          <>
            Saved by the lists: <Net amount={it.difference.startsWith('-') ? it.difference.slice(1) : isZero(it.difference) ? '0' : `-${it.difference}`} currency={currency} />.{' '}
          </>
        )}
        Price {it.version}, in force since {since(it.from)}: {it.source}.
        {!isZero(it.leftOut) && ` ${money(it.leftOut, currency)} of reservations and vendors’ own differences have no quantity and are left out.`}
      </p>
    </>
  );
}

const lines = (currency: string): Column<BoughtLine>[] => [
  { name: 'Bucket', cell: (line) => bucketName(line.bucket) },
  { name: 'Quantity', num: true, cell: (line) => count(line.quantity) },
  { name: 'Unit price', num: true, cell: (line) => (line.unitPrice === null ? <span className="quiet">–</span> : `${line.unitPrice} per ${count(Number(line.per))}`) },
  { name: 'Cost', num: true, cell: (line) => orDash(line.cost, currency), exact: (line) => exactly(line.cost, currency) },
  { name: 'At list', num: true, cell: (line) => orDash(line.list, currency), exact: (line) => (line.list === null ? undefined : exact(line.list, currency)) },
  { name: 'Price version', wide: true, cell: (line) => <span className="source">{line.priceVersion || 'none'}</span> },
];

const versions = (): Column<Version>[] => [
  {
    name: 'Since',
    cell: (one) => (
      <>
        {since(one.from)} {one.state !== 'CURRENT' && <span className="quiet">{one.state === 'PAST' ? `until ${one.to ? since(one.to) : ''}` : 'to come'}</span>}
      </>
    ),
  },
  { name: 'Tier', cell: (one) => (one.basis === 'list' ? one.tier : `${one.tier}, ${one.basis.replaceAll('_', ' ')}`) },
  ...['input', 'cache_read', 'cache_write', 'output'].map(
    (bucket): Column<Version> => ({ name: bucketName(bucket), num: true, cell: (one) => base(one, bucket) ?? base(one, `${bucket}_5m`) ?? '–' }),
  ),
  { name: 'Source', wide: true, cell: (one) => <span className="source">{one.source}</span> },
];
