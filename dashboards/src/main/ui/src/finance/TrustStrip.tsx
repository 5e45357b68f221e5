import type { ReactNode } from 'react';
import { count, exact, percent, when } from '../frame/format';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { type Trust, reconciled } from './api';
import { useAsked } from './asked';

/** How far the figures below can be relied on, in one line; the same on every page of money. */
export function TrustStrip({ trust, currency }: { trust: Trust; currency: string }) {
  const closed = trust.months.filter((month) => month.closed).length;
  return (
    <dl className="trust" aria-label="How far the figures can be relied on">
      <Item
        tone="good"
        name="Vendor-reported"
        value={percent(trust.reportedShare)}
        title="Share of the spend that rests on the vendors' own token counts"
      />
      <Item
        tone={trust.estimatedShare ? 'hatched' : 'none'}
        name="Estimated"
        value={percent(trust.estimatedShare)}
        title={`${exact(trust.estimated, currency)}: counted by the gateway or billed at the reservation`}
      />
      <Item
        tone={trust.unpriced > 0 ? 'bad' : 'none'}
        name="Unpriced"
        value={trust.unpriced === 0 ? 'none' : `${count(trust.unpriced)} calls`}
        title="Calls to models without a price; they are in no sum, and never counted as zero"
      />
      <Confirmed />
      {trust.simulated > 0 && (
        <Item
          tone="simulated"
          name="Simulated"
          value={trust.simulatedShare === null ? `${count(trust.simulated)} calls` : `${percent(trust.simulatedShare)} of spend`}
          title={`${count(trust.simulated)} calls to simulated vendors: nobody bills them`}
        />
      )}
      {trust.otherCurrency > 0 && (
        <Item
          tone="bad"
          name="Other currency"
          value={`${count(trust.otherCurrency)} calls`}
          title={`Calls priced in another currency than ${currency}; they are in no sum`}
        />
      )}
      <Item
        tone={closed === trust.months.length ? 'good' : 'none'}
        name={trust.months.length === 1 ? 'Month' : 'Months'}
        value={closed === 0 ? 'open' : closed === trust.months.length ? 'closed' : `${closed} of ${trust.months.length} closed`}
        title={trust.months.map((month) => `${month.month} ${month.closed ? 'closed' : 'open'}`).join(', ')}
      />
      <Item
        tone="none"
        name="Last write"
        value={trust.lastWrite === null ? 'never' : when(trust.lastWrite)}
        title="When the ledger was last written"
      />
    </dl>
  );
}

/** What vendors have confirmed is asked apart, so that no figure waits for it. */
function Confirmed() {
  const { search } = useAsked();
  const { data } = useLoad(`reconciled:${search}`, (signal) => reconciled(search, signal), 300_000);
  const differing = data?.vendors.reduce((days, one) => days + one.differing, 0) ?? 0;
  const told = data?.vendors
    .map((one) => `${one.vendor}: ${one.matched} days agree, ${one.differing} differ, ${one.open} not asked`)
    .join('; ');
  return (
    <Item
      tone={data?.share ? (differing > 0 ? 'bad' : 'good') : 'none'}
      name="Reconciled"
      value={data === null ? '…' : <Link to="/reconciliation">{data.share === null ? 'not yet' : percent(data.share)}</Link>}
      title={
        told
          ? `Share of the spend at vendors on days that agree with their own account. ${told}`
          : 'No vendor was asked for its own account of these days; ./pareto ledger reconcile does'
      }
    />
  );
}

function Item({ tone, name, value, title }: { tone: string; name: string; value: ReactNode; title: string }) {
  return (
    <div className={`trust-item ${tone}`} title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
