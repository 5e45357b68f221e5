import type { Trust } from './api';
import { count, exact, percent } from '../frame/format';

/** How far the figures below can be relied on, in one line. */
export function TrustStrip({ trust, currency }: { trust: Trust; currency: string }) {
  return (
    <dl className="trust" aria-label="How far the figures can be relied on">
      <Item
        tone="good"
        name="Vendor-reported"
        value={percent(trust.reportedShare)}
        title="Share of the spend that rests on the vendors' own token counts"
      />
      <Item
        tone={trust.estimated > 0 ? 'hatched' : 'none'}
        name="Estimated"
        value={percent(trust.estimatedShare)}
        title={`${count(trust.estimated)} attempts, ${exact(trust.estimatedSpend, currency)}: counted by the gateway or billed at their reservation`}
      />
      <Item
        tone={trust.unpriced > 0 ? 'bad' : 'none'}
        name="Unpriced"
        value={trust.unpriced === 0 ? 'none' : `${count(trust.unpriced)} calls`}
        title="Calls to models without a price; they are in no sum"
      />
      <Item
        tone={trust.simulated > 0 ? 'simulated' : 'none'}
        name="Simulated"
        value={trust.simulated === 0 ? 'none' : (trust.simulatedShare === null ? `${count(trust.simulated)} calls` : `${percent(trust.simulatedShare)} of spend`)}
        title={`${count(trust.simulated)} attempts at simulated vendors, ${exact(trust.simulatedSpend, currency)}: nobody bills this`}
      />
      {trust.otherCurrency > 0 && (
        <Item
          tone="bad"
          name="Other currency"
          value={`${count(trust.otherCurrency)} calls`}
          title={`Calls priced in another currency than ${currency}; they are in no sum`}
        />
      )}
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
