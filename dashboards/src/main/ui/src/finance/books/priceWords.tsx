import { exact, money } from '../../frame/format';

const dateOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
export const dateWords = (iso: string) => dateOf.format(new Date(iso));

/** «saves $412 on the last 30 days», in words and with a sign. */
export function Effect({ effect, currency, days }: { effect: string | null; currency: string; days: number }) {
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
