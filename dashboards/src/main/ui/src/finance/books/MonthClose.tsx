import { useState } from 'react';
import { count, exact, money, when, words } from '../../frame/format';
import { Page } from '../../frame/Page';
import { ActButton, RightNote } from '../../frame/rights';
import { Link, useQuery } from '../../frame/router';
import { useLoad } from '../../frame/useLoad';
import { Badge } from '../../parts/Badge';
import { Card } from '../../parts/Card';
import { type Column, DataTable } from '../../parts/DataTable';
import { Facts } from '../../parts/Facts';
import { Figure, Figures } from '../../parts/Figure';
import { Failure, Skeleton } from '../../parts/States';
import * as api from './api';
import type { Adjustment, Check, MonthState, OpenedMonth } from './api';
import { ActionForm } from './ActionForm';
import { MonthPick } from './MonthPick';
import { CheckBadge, lastDay, monthName } from './words';

/** The month before this one: the one that finance closes. */
function usual(): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

/** Can I close this month? */
export function MonthClose() {
  const [month, choose] = useQuery('month', usual());
  const page = useLoad<OpenedMonth>(`month:${month}`, (signal) => api.month(month, signal), 60_000);
  const state = page.data?.state;
  return (
    <Page
      title="Month close"
      lead={`Can ${monthName(month)} be closed, and what was found out afterwards?`}
      badges={state && <Badge tone={state.frozen ? 'good' : 'plain'}>{state.frozen ? 'closed' : 'open'}</Badge>}
      busy={page.data === null && !page.error}
      actions={<MonthPick value={month} choose={choose} />}
      foot="Months are UTC. A closed month never changes; corrections are new rows of an open one."
      at={page.data && page.at}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && (
        <>
          <Totals state={page.data.state} />
          <Checks state={page.data.state} reload={page.reload} />
          <Package state={page.data.state} />
          <Corrections adjustments={page.data.adjustments} month={month} reload={page.reload} />
        </>
      )}
    </Page>
  );
}

function Totals({ state }: { state: MonthState }) {
  const open = state.checks.filter((check) => check.state === 'OPEN').length;
  const totals = Object.entries(state.totals).sort();
  return (
    <Figures label="The month at a glance">
      {totals.map(([currency, total]) => (
        <Figure key={currency} name={`Booked, ${currency}`} value={money(total, currency)} id={`total-${currency}`}>
          {exact(total, currency)}
        </Figure>
      ))}
      {totals.length === 0 && <Figure name="Booked" value="nothing" />}
      <Figure name="Calls" value={count(state.attempts)} />
      <Figure name="Adjustments" value={count(state.adjustments)}>
        booked in this month
      </Figure>
      <Figure name="Left to do" value={state.frozen ? 'nothing' : count(open)} tone={open === 0 || state.frozen ? 'good' : 'bad'} />
    </Figures>
  );
}

function Checks({ state, reload }: { state: MonthState; reload: () => void }) {
  const [waiving, setWaiving] = useState<string | null>(null);
  const [closing, setClosing] = useState(false);
  const open = state.checks.filter((check) => check.state === 'OPEN');
  const closed = state.frozen !== null;
  const done = () => {
    setWaiving(null);
    setClosing(false);
    reload();
  };
  return (
    <Card
      title="Checklist"
      summary={
        closed
          ? 'What held when the month was closed; days that are asked for again may read differently now.'
          : open.length === 0
            ? 'Nothing is left to do. Closing proves the books first and then takes no more rows of this month.'
            : `${open.length} of ${state.checks.length} checks keep the month open.`
      }
      actions={
        !closed && (
          <ActButton right="KEEP_BOOKS" className="button primary" disabled={open.length > 0} aria-expanded={closing} onClick={() => setClosing(!closing)}>
            Close {monthName(state.month)}
          </ActButton>
        )
      }
    >
      {!closed && <RightNote right="KEEP_BOOKS" />}
      {closing && (
        <ActionForm
          label="Close it for good"
          danger
          reasoned={false}
          act={({ by }) => api.act('close', { month: state.month, by })}
          close={() => setClosing(false)}
          done={done}
        />
      )}
      <ul className="checks">
        {state.checks.map((check) => (
          <li key={check.subject}>
            <CheckBadge state={check.state} />
            <div>
              <b>{check.question}</b>
              <p>
                {check.finding}.{' '}
                {check.subject.startsWith('reconciled:') && <Link to={`/reconciliation?month=${state.month}`}>See the days</Link>}
              </p>
              {check.waiver && (
                <p className="quiet">
                  Let pass by {check.waiver.by}: {check.waiver.reason}
                </p>
              )}
              {waiving === check.subject && (
                <ActionForm
                  label="Let it pass"
                  act={({ by, reason }) => api.act('waive', { month: state.month, subject: check.subject, by, reason })}
                  close={() => setWaiving(null)}
                  done={done}
                />
              )}
            </div>
            {!closed && waivable(check) && (
              <ActButton right="KEEP_BOOKS"
                className="button small"
                aria-expanded={waiving === check.subject}
                aria-label={`Let pass: ${check.question}`}
                onClick={() => setWaiving(waiving === check.subject ? null : check.subject)}
              >
                Let pass
              </ActButton>
            )}
          </li>
        ))}
      </ul>
      {state.frozen && (
        <Facts
          facts={[
            ['Closed', `${when(state.frozen.at)} by ${state.frozen.by}`],
            ['Sealed', `entry ${count(state.frozen.seq)} of ${state.frozen.day}, ${state.frozen.replica}`],
            ['Hash', <code key="hash">{state.frozen.hash}</code>],
          ]}
        />
      )}
    </Card>
  );
}

const waivable = (check: Check) => check.state === 'OPEN' && check.subject !== 'over' && check.subject !== 'open';

function Package({ state }: { state: MonthState }) {
  const file = (version: string, format: string, grain: string) =>
    `/api/ledger/focus?from=${state.month}-01&to=${lastDay(state.month)}&version=${version}&format=${format}&grain=${grain}`;
  return (
    <Card title="For the warehouse" summary="The month as FOCUS rows; BilledCost adds up to what is booked, to the last digit.">
      <div className="downloads">
        <a className="button" href={file('1.2', 'parquet', 'hour')} download>
          FOCUS 1.2, Parquet
        </a>
        <a className="button" href={file('1.2', 'csv', 'hour')} download>
          FOCUS 1.2, CSV
        </a>
        <a className="button" href={file('1.3', 'parquet', 'hour')} download>
          FOCUS 1.3, Parquet
        </a>
        <a className="button" href={file('1.3', 'csv', 'call')} download>
          FOCUS 1.3, every call, CSV
        </a>
        <button type="button" className="button" onClick={() => print()}>
          Print this page
        </button>
      </div>
    </Card>
  );
}

function Corrections({ adjustments, month, reload }: { adjustments: Adjustment[]; month: string; reload: () => void }) {
  const [taking, setTaking] = useState<string | null>(null);
  const columns: Column<Adjustment>[] = [
    { name: 'Booked', cell: (one) => when(one.bookedAt) },
    { name: 'Concerns', cell: (one) => one.concerns },
    { name: 'What', cell: (one) => words(one.kind) },
    { name: 'Who', wide: true, cell: (one) => [one.vendor, one.tenant, one.model].filter(Boolean).join(' · ') || 'the platform' },
    { name: 'Amount', num: true, cell: (one) => money(one.amount, one.currency), exact: (one) => exact(one.amount, one.currency) },
    { name: 'Why', wide: true, cell: (one) => `${one.reason} (${one.by})${one.invoice ? `, ${one.invoice}` : ''}` },
    {
      name: 'Taken back',
      cell: (one) =>
        one.takenBackBy || one.reverses ? (
          <Badge tone="plain">{one.reverses ? 'takes back' : 'taken back'}</Badge>
        ) : (
          <ActButton right="KEEP_BOOKS"
            className="button small"
            aria-expanded={taking === one.id}
            aria-label={`Take back ${words(one.kind)} of ${one.amount} ${one.currency}`}
            onClick={() => setTaking(taking === one.id ? null : one.id)}
          >
            Take back
          </ActButton>
        ),
    },
  ];
  return (
    <Card
      title="Adjustments"
      summary={
        adjustments.length === 0
          ? `None was booked in ${monthName(month)}. ./pareto ledger adjust books one.`
          : 'Credits, differences to invoices, prices found late and idle machines: rows of their own, signed.'
      }
    >
      {taking && (
        <ActionForm
          label="Take it back"
          act={({ by, reason }) => api.act('reverse', { id: taking, by, reason })}
          close={() => setTaking(null)}
          done={() => {
            setTaking(null);
            reload();
          }}
        />
      )}
      {adjustments.length > 0 && (
        <DataTable label="Adjustments booked in this month" columns={columns} rows={adjustments} keyOf={(one) => one.id} />
      )}
    </Card>
  );
}
