import { type FormEvent, useState } from 'react';
import { exact, money } from '../../frame/format';
import { Page } from '../../frame/Page';
import { useQuery } from '../../frame/router';
import { useLoad } from '../../frame/useLoad';
import { Badge } from '../../parts/Badge';
import { Card } from '../../parts/Card';
import { Code } from '../../parts/Code';
import { type Column, DataTable } from '../../parts/DataTable';
import { Empty, Failure, Skeleton } from '../../parts/States';
import * as api from './api';
import type { Price, Prices, Proposed, Sold, Version } from './api';

const dateOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const dateWords = (iso: string) => dateOf.format(new Date(iso));

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
          <Proposals prices={page.data} />
          <Book prices={page.data} part={part} />
        </>
      )}
    </Page>
  );
}

/** «saves $412 on the last 30 days», in words and with a sign. */
function Effect({ effect, currency, days }: { effect: string | null; currency: string; days: number }) {
  if (effect === null) {
    return <span className="quiet">not used at that price</span>;
  }
  const size = Number(effect);
  const amount = money(effect.replace('-', ''), currency);
  return (
    <span className={size < 0 ? 'good-text' : size > 0 ? 'bad-text' : ''} title={exact(effect, currency)}>
      {size === 0 ? 'changes nothing' : `${size < 0 ? 'saves' : 'costs'} ${amount} in ${days} days`}
    </span>
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

export function Proposals({ prices }: { prices: Prices }) {
  const [shown, setShown] = useState<string | null>(null);
  const columns: Column<Proposed>[] = [
    {
      name: 'Model',
      cell: (one) => (
        <>
          {one.sku} <span className="quiet">{one.tier}</span>
        </>
      ),
    },
    {
      name: 'Change',
      wide: true,
      cell: (one) =>
        one.changes
          .map(
            (change) =>
              `${change.bucket.replaceAll('_', ' ')} ${change.before ?? 'none'} → ${change.after}${change.percent ? ` (${Number(change.percent) > 0 ? '+' : ''}${change.percent}%)` : ''}`,
          )
          .join(', '),
    },
    { name: 'Sources', num: true, title: 'Catalogues that agree', cell: (one) => <span title={one.sources.join(', ')}>{one.sources.length}</span> },
    { name: 'Effect', cell: (one) => <Effect effect={one.effect} currency={prices.currency} days={prices.days} /> },
    {
      name: 'State',
      cell: (one) =>
        one.sound ? (
          <Badge tone="good" title="Two catalogues agree, nothing changes by half or more, and no lint objects">
            sound
          </Badge>
        ) : (
          <Badge tone="warn" title={one.findings.join('; ') || 'One catalogue alone, or a large change'}>
            look closer
          </Badge>
        ),
    },
    {
      name: 'Decide',
      cell: (one) => (
        <button
          type="button"
          className="button small"
          aria-expanded={shown === one.id}
          aria-label={`How to decide on ${one.sku} ${one.tier}`}
          onClick={() => setShown(shown === one.id ? null : one.id)}
        >
          How
        </button>
      ),
    },
  ];
  const chosen = prices.proposals.find((one) => one.id === shown);
  return (
    <Card
      title="Proposed changes"
      summary={
        prices.proposals.length === 0
          ? 'None waits. ./pareto prices import reads public catalogues and proposes what differs.'
          : 'What public catalogues report and the book does not have. Nothing changes until somebody accepts it.'
      }
    >
      {chosen && (
        <div className="decide">
          <p>
            {chosen.sources.join(', ')}
            {chosen.findings.length > 0 && `. ${chosen.findings.join('; ')}`}
          </p>
          <Code text={`./pareto prices accept ${chosen.id} --from ${(chosen.from ?? prices.asOf).slice(0, 10)}`} />
          <Code text={`./pareto prices reject ${chosen.id}`} />
        </div>
      )}
      {prices.proposals.length > 0 && (
        <DataTable label="Proposed changes" columns={columns} rows={prices.proposals} keyOf={(one) => one.id} tall />
      )}
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
