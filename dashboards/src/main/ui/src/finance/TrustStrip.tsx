import { count, exact, percent, when } from '../frame/format';
import type { Trust } from './api';

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

function Item({ tone, name, value, title }: { tone: string; name: string; value: string; title: string }) {
  return (
    <div className={`trust-item ${tone}`} title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
