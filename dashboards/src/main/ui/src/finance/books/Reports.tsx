import { useState } from 'react';
import { when } from '../../frame/format';
import { Page } from '../../frame/Page';
import { ActButton, RightNote } from '../../frame/rights';
import { useLoad } from '../../frame/useLoad';
import { Badge } from '../../parts/Badge';
import { Card } from '../../parts/Card';
import { type Column, DataTable } from '../../parts/DataTable';
import { Failure, Skeleton } from '../../parts/States';
import * as api from './api';
import type { Schedules } from './api';
import { ActionForm } from './ActionForm';

type Schedule = Schedules['schedules'][number];
type Delivery = Schedules['deliveries'][number];

const CADENCE = { DAILY: 'every day', WEEKLY: 'every Monday', MONTHLY: 'on the first of each month' };

/** Send it to me each Monday. */
export function Reports() {
  const page = useLoad<Schedules>('schedules', api.schedules, 30_000);
  return (
    <Page
      title="Reports"
      lead="Which reports are sent by themselves, where to, and did they arrive?"
      busy={page.data === null && !page.error}
      foot="Hours are UTC. What fails is tried again after ten minutes, then after three times as long: a webhook three times, mail five times."
      at={page.data && page.at}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && (
        <>
          <Scheduled schedules={page.data.schedules} mail={page.data.mail} reload={page.reload} />
          <Sent data={page.data} />
        </>
      )}
    </Page>
  );
}

function Scheduled({ schedules, mail, reload }: { schedules: Schedule[]; mail: boolean; reload: () => void }) {
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const running = schedules.filter((one) => one.next !== null);
  const act = (action: string, id: string) =>
    api.schedule(action, { id }).then(
      () => (setError(null), reload()),
      (failure: unknown) => setError(failure instanceof Error ? failure.message : String(failure)),
    );
  const columns: Column<Schedule>[] = [
    { name: 'Report', wide: true, cell: (one) => one.name, exact: (one) => one.report },
    { name: 'When', cell: (one) => `${CADENCE[one.cadence]} at ${String(one.hour).padStart(2, '0')}:00` },
    { name: 'To', wide: true, cell: (one) => one.to },
    { name: 'By', cell: (one) => one.createdBy },
    { name: 'Next', cell: (one) => <Next one={one} /> },
    {
      name: 'Do',
      cell: (one) => (
        <span className="two-acts">
          <ActButton right="KEEP_BOOKS" className="button small" aria-label={`Send now: ${one.name}`} onClick={() => act('send', one.id)}>
            Send now
          </ActButton>
          {one.next !== null && (
            <ActButton right="KEEP_BOOKS" className="button small" aria-label={`Stop: ${one.name}`} onClick={() => act('stop', one.id)}>
              Stop
            </ActButton>
          )}
        </span>
      ),
    },
  ];
  return (
    <Card
      title="Schedules"
      summary={running.length === 0 ? 'Nothing is sent by itself yet.' : `${running.length} ${running.length === 1 ? 'report is' : 'reports are'} sent by themselves.`}
      actions={
        <ActButton right="KEEP_BOOKS" className="button primary" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          Schedule a report
        </ActButton>
      }
    >
      <RightNote right="KEEP_BOOKS" />
      {adding && <Adding mail={mail} close={() => setAdding(false)} done={() => (setAdding(false), reload())} />}
      {error && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
      {schedules.length > 0 && <DataTable label="Schedules" columns={columns} rows={schedules} keyOf={(one) => one.id} />}
    </Card>
  );
}

function Next({ one }: { one: Schedule }) {
  if (one.next === null) {
    return <Badge>stopped</Badge>;
  }
  return one.tries === 0 ? (
    <>{when(one.next)}</>
  ) : (
    <span className="two-lines">
      {when(one.next)}
      <Badge tone="bad">
        failed {one.tries === 1 ? 'once' : `${one.tries} times`}, tried again then
      </Badge>
    </span>
  );
}

function Adding({ mail, close, done }: { mail: boolean; close: () => void; done: () => void }) {
  const [way, setWay] = useState<'mail' | 'webhook'>(mail ? 'mail' : 'webhook');
  return (
    <ActionForm
      label="Schedule it"
      reasoned={false}
      act={({ hour, ...given }) => api.schedule('add', { ...given, hour: Number(hour) })}
      close={close}
      done={done}
    >
      <label>
        Called
        <input name="name" required maxLength={80} placeholder="Spend by team" />
      </label>
      <label className="grow">
        What a page’s export links to
        <input name="report" required maxLength={500} pattern="/api/.+" placeholder="/api/ledger/focus?period=last-month&amp;format=csv" />
      </label>
      <label>
        How often
        <select name="cadence" defaultValue="weekly">
          <option value="daily">Every day</option>
          <option value="weekly">Every Monday</option>
          <option value="monthly">On the first</option>
        </select>
      </label>
      <label>
        Hour, UTC
        <input name="hour" type="number" min="0" max="23" defaultValue="7" required className="num" />
      </label>
      <label>
        By
        <select value={way} onChange={(event) => setWay(event.target.value === 'mail' ? 'mail' : 'webhook')}>
          <option value="mail" disabled={!mail}>
            {mail ? 'Mail' : 'Mail (no server configured)'}
          </option>
          <option value="webhook">Webhook</option>
        </select>
      </label>
      {way === 'mail' ? (
        <label className="grow">
          Mail addresses, with commas between
          <input name="mail" required maxLength={2000} placeholder="finance@example.com, cfo@example.com" />
        </label>
      ) : (
        <label className="grow">
          Webhook
          <input name="webhook" type="url" required maxLength={500} placeholder="https://hooks.example.com/…" />
        </label>
      )}
    </ActionForm>
  );
}

function Sent({ data }: { data: Schedules }) {
  const name = (id: string) => data.schedules.find((one) => one.id === id)?.name ?? id;
  const columns: Column<Delivery>[] = [
    { name: 'When', cell: (one) => when(one.at) },
    { name: 'Report', wide: true, cell: (one) => name(one.scheduleId) },
    { name: 'Outcome', cell: (one) => <Badge tone={one.sent ? 'good' : 'bad'}>{one.sent ? 'sent' : 'failed'}</Badge> },
    { name: 'Detail', wide: true, cell: (one) => one.detail },
  ];
  return (
    <Card title="History" summary={data.deliveries.length === 0 ? 'Nothing was sent yet.' : 'The newest tries first.'}>
      {data.deliveries.length > 0 && (
        <DataTable label="Tries to send" columns={columns} rows={data.deliveries} keyOf={(one) => `${one.scheduleId} ${one.at}`} tall />
      )}
    </Card>
  );
}
