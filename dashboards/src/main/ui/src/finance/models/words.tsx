import { exact, money } from '../../frame/format';
import type { Money } from '../../frame/format';
import type { Version } from '../books/api';

const dateOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** The day a price began; one that was stated once for all has none. */
export const since = (iso: string) => (iso.startsWith('1970') ? 'always' : dateOf.format(new Date(iso)));

export const bucketName = (bucket: string) => bucket.replaceAll('_', ' ');

export const orDash = (amount: Money | null, currency: string) => (amount === null ? '–' : money(amount, currency));

export const exactly = (amount: Money | null, currency: string) => (amount === null ? undefined : exact(amount, currency));

/** A price for prompts of any size at any hour, as the book states it. */
export function base(version: Version | null, bucket: string): string | null {
  const price = version?.prices.find((one) => one.bucket === bucket && one.fromPromptTokens === 0 && one.hours === '');
  return price ? (price.per === '1000000' ? money(price.price, version?.currency ?? 'USD') : `${money(price.price, version?.currency ?? 'USD')} per ${price.per}`) : null;
}

/** An amount that may be a loss. */
export function Net({ amount, currency }: { amount: Money; currency: string }) {
  return <span className={amount.startsWith('-') ? 'loss' : 'gain'}>{money(amount, currency)}</span>;
}

/** How much of a whole, as a bar and in words. */
export function Meter({ share, label, mark }: { share: number | null; label: string; mark?: number | null }) {
  if (share === null) {
    return <span className="quiet">–</span>;
  }
  return (
    <span className="meter">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="meter-ground" width="100" height="8" />
        <rect className="meter-fill" width={Math.min(1, Math.max(0, share)) * 100} height="8" />
        {mark != null && mark <= 1 && <rect className="meter-mark" x={mark * 100 - 0.7} width="1.4" height="8" />}
      </svg>
      {label}
    </span>
  );
}
