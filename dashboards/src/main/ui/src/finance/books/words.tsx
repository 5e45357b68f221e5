import { Badge, type Tone } from '../../parts/Badge';
import type { Check, Status } from './api';

const STATUS: Record<Status, { tone: Tone; word: string; title: string }> = {
  MATCHED: { tone: 'good', word: 'matched', title: 'Both sides agree, within half a per cent or a cent' },
  PRICE: { tone: 'warn', word: 'price', title: 'The same was used, at another price: a row of the price book is wrong' },
  MISSING: { tone: 'bad', word: 'missing', title: 'The vendor has more: calls went by the gateway, or streams were lost' },
  EXCESS: { tone: 'bad', word: 'excess', title: 'The ledger has more: counted twice, or estimated too high' },
  UNMAPPED: { tone: 'info', word: 'unmapped', title: 'A line of the vendor’s bill that the ledger has no word for' },
  NOT_FETCHED: { tone: 'plain', word: 'not asked', title: 'The vendor was not asked about this day yet' },
};

export function StatusBadge({ status }: { status: Status }) {
  const { tone, word, title } = STATUS[status];
  return (
    <Badge tone={tone} title={title}>
      {word}
    </Badge>
  );
}

export const statusWord = (status: Status) => STATUS[status].word;
export const statusTone = (status: Status) => STATUS[status].tone;

export function CheckBadge({ state }: { state: Check['state'] }) {
  const tone = state === 'DONE' ? 'good' : state === 'WAIVED' ? 'warn' : 'bad';
  return <Badge tone={tone}>{state === 'DONE' ? 'done' : state === 'WAIVED' ? 'let pass' : 'open'}</Badge>;
}

const monthWords = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const dayWords = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });

export const monthName = (month: string) => monthWords.format(new Date(`${month}-01T00:00:00Z`));
export const dayName = (day: string) => dayWords.format(new Date(`${day}T00:00:00Z`));

/** The last day of a month such as `2026-11`. */
export const lastDay = (month: string) => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
};
