import type { FormEvent } from 'react';
import { money } from '../../frame/format';
import { Page } from '../../frame/Page';
import { useQuery } from '../../frame/router';
import { useLoad } from '../../frame/useLoad';
import { Card } from '../../parts/Card';
import { type Column, DataTable } from '../../parts/DataTable';
import { Empty, Failure, Skeleton } from '../../parts/States';
import * as api from './api';
import type { Price, Prices, Sold, Version } from './api';
import { Effect, dateWords } from './priceWords';
import { Proposals } from './Proposals';

/** What do we pay, since when, and who changed it? */
export function PriceBook() {
  const [part, find] = useQuery('find', '');
  const page = useLoad<Prices>(`prices:${part}`, (signal) => api.prices(part, signal), 60_000);
  const search = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    find(String(new FormData(event.currentTarget).get('find') ?? '').trim());
  };
  return (
    <Page
      title="Price book"
      lead="What do we pay, since when, and what would a change do?"
      busy={page.data === null && !page.error}
      actions={
        <form onSubmit={search} role="search" className="find">
          <label className="pick">
            <span>Find a model</span>
            <input name="find" defaultValue={part} key={part} placeholder="gpt-4o" maxLength={80} />
          </label>
          <button type="submit" className="button">
            Find
          </button>
        </form>
      }
      foot="Prices are as the vendors state them, exact. Effects are those on the last 30 days’ calls that paid the price that changes."
      at={page.data && page.at}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && (
        <>
          <Upcoming prices={page.data} />
          <Proposals prices={page.data} reload={page.reload} />
          <Book prices={page.data} part={part} />
        </>
      )}
    </Page>
  );
}

function Upcoming({ prices }: { prices: Prices }) {
  const next = prices.sold.flatMap((sold) =>
    sold.versions.filter((version) => version.state === 'UPCOMING').map((version) => ({ sku: sold.sku, version })),
  );
  if (next.length === 0) {
    return null;
  }
  const columns: Column<{ sku: string; version: Version }>[] = [
    { name: 'Model', cell: (row) => row.sku },
    { name: 'From', cell: (row) => dateWords(row.version.from) },
    { name: 'Tier', cell: (row) => row.version.tier },
    { name: 'Prices', wide: true, cell: (row) => brief(row.version) },
    { name: 'Effect', cell: (row) => <Effect effect={row.version.effect} currency={prices.currency} days={prices.days} /> },
  ];
  return (
    <Card title="Coming changes" summary={`${next.length} prices are known to change.`}>
      <DataTable label="Coming changes" columns={columns} rows={next} keyOf={(row) => row.version.id} />
    </Card>
  );
}

function Book({ prices, part }: { prices: Prices; part: string }) {
  if (prices.sold.length === 0) {
    return (
      <Empty title={part ? `No price has “${part}” in its name` : 'Nothing priced was used in the last 30 days'} command="./pareto prices list">
        <p>Find a model above to see its prices whether it was used or not.</p>
      </Empty>
    );
  }
  return (
    <>
      {prices.sold.map((sold) => (
        <Timeline key={sold.sku} sold={sold} prices={prices} />
      ))}
    </>
  );
}

const brief = (version: Version) =>
  version.prices
    .filter((price) => price.fromPromptTokens === 0 && !price.hours)
    .slice(0, 4)
    .map((price) => `${price.bucket.replaceAll('_', ' ')} ${price.price}`)
    .join(', ') || 'unpriced';

function Timeline({ sold, prices }: { sold: Sold; prices: Prices }) {
  const current = sold.versions.filter((version) => version.state === 'CURRENT');
  const buckets = [...new Set(current.flatMap((version) => version.prices.map((price) => price.bucket)))].slice(0, 6);
  const base = (version: Version, bucket: string) =>
    version.prices.find((price) => price.bucket === bucket && price.fromPromptTokens === 0 && !price.hours);
  const columns: Column<Version>[] = [
    {
      name: 'Since',
      cell: (version) => (
        <>
          {dateWords(version.from)} {version.state !== 'CURRENT' && <span className="quiet">{version.state === 'PAST' ? `until ${version.to ? dateWords(version.to) : ''}` : 'to come'}</span>}
        </>
      ),
    },
    { name: 'Tier', cell: (version) => (version.basis === 'list' ? version.tier : `${version.tier}, ${version.basis}`) },
    ...buckets.map(
      (bucket): Column<Version> => ({
        name: bucket.replaceAll('_', ' '),
        num: true,
        cell: (version) => priceWords(base(version, bucket)),
      }),
    ),
    { name: 'Source', wide: true, cell: (version) => <span className="source">{version.source}</span> },
  ];
  const bands = current.some((version) => version.prices.some((price) => price.fromPromptTokens > 0 || price.hours));
  return (
    <Card
      title={sold.sku}
      summary={`${money(sold.spend, prices.currency)} in the last ${prices.days} days, in ${sold.versions[0]?.currency ?? ''} for a million tokens where nothing else is said.${
        bands ? ' Long prompts or some hours pay other prices, too; ./pareto prices list shows them.' : ''
      }`}
    >
      <DataTable label={`Prices of ${sold.sku}`} columns={columns} rows={sold.versions} keyOf={(version) => version.id} />
    </Card>
  );
}

const priceWords = (price: Price | undefined) =>
  price === undefined ? '–' : price.per === '1000000' ? price.price : `${price.price} per ${price.per}`;
