/** Exact decimal text: shown, never added up here. */
export type Money = string;

/** `Intl` formats decimal text exactly, without a detour through binary floating point. */
type Exact = Parameters<Intl.NumberFormat['format']>[0];

const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Two decimals from one unit up; below it enough digits to show something. */
export function money(amount: Money, currency: string): string {
  const size = Math.abs(Number(amount));
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const format =
    size === 0 || size >= 1
      ? new Intl.NumberFormat('en', { ...style, minimumFractionDigits: 2, maximumFractionDigits: 2 })
      : new Intl.NumberFormat('en', { ...style, minimumSignificantDigits: 2, maximumSignificantDigits: size < 0.01 ? 2 : 3 });
  return format.format(amount as Exact).replace('-', '−');
}

/** Every digit, grouped: what the ledger holds. */
export function exact(amount: Money, currency: string): string {
  const [whole = '0', fraction] = amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',').replace('-', '−');
  return `${grouped}${fraction ? `.${fraction}` : ''} ${currency}`;
}

export const count = (value: number) => integer.format(value);
export const short = (value: number) => (value < 10_000 ? integer.format(value) : compact.format(value));

export function percent(fraction: number | null, decimals = 1): string {
  return fraction === null ? '–' : `${(fraction * 100).toFixed(decimals).replace('-', '−')}%`;
}

/** A change with its sign: +12.3%, −4.0%. */
export function signed(fraction: number): string {
  return `${fraction > 0 ? '+' : ''}${percent(fraction)}`;
}

export function duration(millis: number | null): string {
  if (millis === null) {
    return '–';
  }
  if (millis < 1_000) {
    return `${Math.round(millis)} ms`;
  }
  return millis < 60_000 ? `${(millis / 1_000).toFixed(millis < 10_000 ? 2 : 1)} s` : `${(millis / 60_000).toFixed(1)} min`;
}

const today = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const other = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayUtc = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const hourOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

export function time(iso: string): string {
  const at = new Date(iso);
  return at.toDateString() === new Date().toDateString() ? today.format(at) : other.format(at);
}

export const date = (iso: string) => day.format(new Date(iso));

/** How a step of the chart is called: hours by the clock, whole days by their UTC date. */
export function step(iso: string, seconds: number): string {
  const at = new Date(iso);
  if (seconds >= 86_400) {
    return dayUtc.format(at);
  }
  return seconds >= 21_600 ? `${day.format(at)} ${hourOfDay.format(at)}` : hourOfDay.format(at);
}

export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1_000));
  if (seconds < 5) {
    return 'just now';
  }
  if (seconds < 120) {
    return `${seconds} s ago`;
  }
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3_600)} h ago`;
}

/** `NON_INFERIOR` as a person would write it. */
export function words(id: string): string {
  const text = id.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function points(fraction: number): string {
  return `${fraction > 0 ? '+' : ''}${(fraction * 100).toFixed(1).replace('-', '−')}`;
}

/** A bound from below, rounded down to a tenth of a point as the verdict's sentence does: what is shown claims no more. */
export const down = (fraction: number) => Math.floor(fraction * 1_000 + 1e-9) / 1_000 + 0;

/** A bound from above, rounded up. */
export const up = (fraction: number) => Math.ceil(fraction * 1_000 - 1e-9) / 1_000 + 0;

/** A share as people say it: 1 %, 2.5 %, 95 %. */
export function share(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2)).toString().replace('-', '−')} %`;
}

/** Percentage points without a sign of plus: 3.0 pp. */
export const pp = (fraction: number) => `${(fraction * 100).toFixed(1).replace('-', '−')} pp`;

const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** Day and time in full. */
export const when = (iso: string) => moment.format(new Date(iso));

/** 40 s, 12 min, 5 h, 3 d: one unit is enough. */
export function span(seconds: number): string {
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 7_200) {
    return `${Math.round(seconds / 60)} min`;
  }
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** How long until then, or since then. */
export function until(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1_000;
  return seconds >= 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`;
}
