import type { Question, Span } from './api';

const format = (zone: string, hours: boolean) =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: zone,
    ...(hours && { hour: '2-digit', minute: '2-digit' }),
  });

/** Whole days by their first and last; what ends within a day with its hour. */
export function spanWords(span: Span, zone: string): string {
  const from = new Date(span.from);
  const to = new Date(span.to);
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone });
  const whole = clock.format(to) === '00:00';
  const last = new Date(to.getTime() - 1);
  const start = format(zone, false).format(from);
  const end = whole ? format(zone, false).format(last) : format(zone, true).format(to);
  return start === end ? start : `${start} – ${end}`;
}

/** The hours that a report is about, and those that it compares them to. */
export function period(asked: Question): string {
  const now = `${spanWords(asked.span, asked.zone)} (${asked.zone})`;
  return asked.before ? `${now}, against ${spanWords(asked.before, asked.zone)}` : now;
}

/** How the comparison is called in a sentence. */
export const against = (asked: Question) => (asked.compare === 'last-year' ? 'a year ago' : 'the period before');

const dayOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const monthOf = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** A step of a series: `2026-11-01T13:00`, `2026-11-01` or `2026-11`, cut by the server in the reader's zone. */
export function stepWords(step: string): string {
  if (step.length > 10) {
    return step.slice(11);
  }
  const at = new Date(`${step.length === 7 ? `${step}-01` : step}T00:00:00Z`);
  return (step.length === 7 ? monthOf : dayOf).format(at);
}
