import { money } from '../frame/format';

export const PERIODS = [
  { id: '24h', label: '24 h', name: 'Last 24 hours' },
  { id: '7d', label: '7 d', name: 'Last 7 days' },
  { id: '30d', label: '30 d', name: 'Last 30 days' },
] as const;

const COLOURS = 8;

/** A model keeps its colour on every picture of a page: colours go by name. */
export function colours(models: string[]): Map<string, number> {
  return new Map([...new Set(models)].sort().map((model, i) => [model, (i % COLOURS) + 1]));
}

/** The part after the vendor, where nobody else has it. */
export function shortNames(models: string[]): Map<string, string> {
  const all = [...new Set(models)];
  const last = (model: string) => model.slice(model.indexOf('/') + 1);
  return new Map(all.map((model) => [model, all.filter((one) => last(one) === last(model)).length > 1 ? model : last(model)]));
}

/** An estimate of money: as many digits as show something. */
export const dollars = (value: number, currency: string) => money(value.toFixed(12), currency);

/** The first letter as a sentence begins. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** For scales: no more digits than a round number needs. */
export const brief = (value: number, currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumSignificantDigits: 2 }).format(value);
