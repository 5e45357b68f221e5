import { useState } from 'react';
import { count, exact, money, when } from '../../frame/format';
import { Page } from '../../frame/Page';
import { ActButton, RightNote } from '../../frame/rights';
import { useQuery } from '../../frame/router';
import { useLoad } from '../../frame/useLoad';
import { Card } from '../../parts/Card';
import { type Column, DataTable } from '../../parts/DataTable';
import { Empty, Failure, Skeleton } from '../../parts/States';
import * as api from './api';
import type { Accounts, Day, Line } from './api';
import { ActionForm } from './ActionForm';
import { MonthPick } from './MonthPick';
import { StatusBadge, dayName, lastDay, monthName, statusTone, statusWord } from './words';

/** Vendors whose cost API the gateway reads (`CostApi.java`). */
const ASKABLE = new Set(['openai', 'anthropic']);

/** Does our ledger match the vendor? */
export function Reconciliation() {
  const now = new Date().toISOString().slice(0, 7);
  const [month, choose] = useQuery('month', now);
  const to = lastDay(month);
  const page = useLoad<Accounts>(`reconciliation:${month}`, (signal) => api.accounts(`${month}-01`, to, signal), 60_000);
  return (
    <Page
      title="Reconciliation"
      lead="Does our ledger match what each vendor says that a day cost?"
      busy={page.data === null && !page.error}
      actions={<MonthPick value={month} choose={choose} />}
      foot="Days are UTC, as the vendors bill them. The ledger’s side leaves simulated calls out."
      at={page.data && page.at}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && <Vendors accounts={page.data} month={month} reload={page.reload} />}
    </Page>
  );
}

/** A day comes once for each currency. */
const dayKey = (day: Day) => `${day.vendor}:${day.day}:${day.currency}`;

function Vendors({ accounts, month, reload }: { accounts: Accounts; month: string; reload: () => void }) {
  const [opened, open] = useQuery('day', '');
  if (accounts.vendors.length === 0) {
    return (
      <Empty title={`No vendor was called in ${monthName(month)}`}>
        <p>Only calls of real vendors are reconciled: simulated ones bill nobody, and own machines have a page of their own.</p>
      </Empty>
    );
  }
  const day = accounts.days.find((one) => dayKey(one) === opened);
  return (
    <>
      {accounts.vendors.map((vendor) => (
        <Vendor
          key={vendor}
          vendor={vendor}
          days={accounts.days.filter((one) => one.vendor === vendor)}
          opened={opened}
          open={(key) => open(key === opened ? '' : key)}
        />
      ))}
      {day && <OpenedDay key={opened} day={day} reload={reload} />}
    </>
  );
}

function Vendor(props: { vendor: string; days: Day[]; opened: string; open: (key: string) => void }) {
  const { vendor, days, opened, open } = props;
  const off = days.filter((day) => day.status !== 'MATCHED');
  const toAsk = days.filter((day) => day.status === 'NOT_FETCHED');
  const unasked = toAsk.length;
  const first = toAsk[0]?.day ?? '';
  const last = toAsk.at(-1)?.day ?? '';
  const summary =
    off.length === 0
      ? `All ${days.length} days agree.`
      : unasked === days.length
        ? `${vendor} was not asked yet.`
        : `${days.length - off.length} of ${days.length} days agree${unasked > 0 ? `; ${unasked} were not asked for` : ''}.`;
  return (
    <Card title={vendor} summary={summary}>
      <ul className="calendar" aria-label={`The days of ${vendor}`}>
        {days.map((day) => {
          const key = dayKey(day);
          return (
            <li key={key}>
              <button
                type="button"
                className={`day ${statusTone(day.status)}`}
                aria-pressed={key === opened}
                onClick={() => open(key)}
                title={day.difference === null ? 'not asked' : `Difference ${exact(day.difference, day.currency)}`}
              >
                <span>{dayName(day.day)}</span>
                <b>{day.difference === null ? '–' : money(day.difference, day.currency)}</b>
                <em>{statusWord(day.status)}</em>
              </button>
            </li>
          );
        })}
      </ul>
      {unasked > 0 && (
        <p className="quiet">
          {ASKABLE.has(vendor) ? (
            <>
              To ask: <code>{`./pareto ledger reconcile --vendor ${vendor} --from ${first} --to ${last}`}</code>
            </>
          ) : (
            'This vendor tells its costs on invoices only: hold the month against it and let its days pass, with the reason, on Month close.'
          )}
        </p>
      )}
    </Card>
  );
}

function OpenedDay({ day, reload }: { day: Day; reload: () => void }) {
  const [booking, setBooking] = useState(false);
  const columns: Column<Line>[] = [
    { name: 'Line', wide: true, cell: (line) => `${line.model ? `${line.model}, ` : ''}${line.item.replaceAll('_', ' ')}` },
    { name: 'Used, ledger', num: true, cell: (line) => (line.ledgerQuantity === null ? '–' : count(line.ledgerQuantity)) },
    { name: 'Used, vendor', num: true, cell: (line) => (line.vendorQuantity === null ? '–' : count(line.vendorQuantity)) },
    { name: 'Ledger', num: true, cell: (line) => money(line.ledger, day.currency), exact: (line) => exact(line.ledger, day.currency) },
    { name: 'Vendor', num: true, cell: (line) => money(line.vendor, day.currency), exact: (line) => exact(line.vendor, day.currency) },
    {
      name: 'Difference',
      num: true,
      cell: (line) => money(line.difference, day.currency),
      exact: (line) => exact(line.difference, day.currency),
    },
    { name: 'Finding', cell: (line) => <StatusBadge status={line.status} /> },
  ];
  const differs = day.difference !== null && Number(day.difference) !== 0;
  return (
    <Card
      title={`${day.vendor}, ${dayName(day.day)}`}
      summary={
        day.vendorCost === null
          ? `The ledger has ${exact(day.ledger, day.currency)}; the vendor was not asked.`
          : `The vendor says ${exact(day.vendorCost, day.currency)}, the ledger ${exact(day.ledger, day.currency)}${
              Number(day.adjusted) === 0 ? '' : ` and ${exact(day.adjusted, day.currency)} of adjustments`
            }${day.fetchedAt ? `; asked ${when(day.fetchedAt)}` : ''}.`
      }
      actions={
        differs && (
          <ActButton right="KEEP_BOOKS" className="button" aria-expanded={booking} onClick={() => setBooking(!booking)}>
            Book the difference
          </ActButton>
        )
      }
    >
      {differs && <RightNote right="KEEP_BOOKS" />}
      {booking && day.difference !== null && (
        <ActionForm
          label={`Book ${money(day.difference, day.currency)}`}
          reasoned={false}
          act={({ by, invoice }) =>
            api.act('true-up', { vendor: day.vendor, from: day.day, to: day.day, by, invoice: invoice ?? '', book: true })
          }
          close={() => setBooking(false)}
          done={() => {
            setBooking(false);
            reload();
          }}
        >
          <label className="grow">
            The vendor’s document, if there is one
            <input name="invoice" maxLength={120} />
          </label>
        </ActionForm>
      )}
      {day.lines.length > 0 && (
        <DataTable
          label={`Lines of ${day.day}`}
          columns={columns}
          rows={day.lines}
          keyOf={(line) => `${line.model} ${line.item}`}
        />
      )}
    </Card>
  );
}
