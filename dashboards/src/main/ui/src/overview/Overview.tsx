import { useLoad } from '../frame/useLoad';
import { useChoice } from '../frame/router';
import { Page } from '../frame/Page';
import { Segmented } from '../parts/Segmented';
import { Empty, Failure, Skeleton } from '../parts/States';
import * as api from './api';
import type { Period } from './api';
import { Decisions } from './Decisions';
import { Figures } from './Figures';
import { Models } from './Models';
import { SpendChart } from './SpendChart';
import { Swaps } from './Swaps';
import { TrustStrip } from './TrustStrip';

const PERIODS: { id: Period; label: string; name: string }[] = [
  { id: '24h', label: '24 h', name: 'Last 24 hours' },
  { id: '7d', label: '7 d', name: 'Last 7 days' },
  { id: '30d', label: '30 d', name: 'Last 30 days' },
];

const CALL = `curl http://127.0.0.1:8080/v1/chat/completions \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "local/support-desk", "messages": [{"role": "user", "content": "Which queue? My parcel has not arrived."}]}'`;

/** What was spent, what was saved, and where the requests went. */
export function Overview() {
  const [period, choose] = useChoice<Period>('period', ['24h', '7d', '30d'], '24h');
  const page = useLoad(`overview:${period}`, (signal) => api.overview(period, signal));
  const verdicts = useLoad('verdicts', api.verdicts);
  const data = page.data;
  const everUsed = data !== null && (data.trust.lastWrite !== null || data.decisions.length > 0);
  return (
    <Page
      title="Overview"
      busy={data === null}
      actions={<Segmented label="Period" options={PERIODS} value={period} choose={choose} />}
      strip={data && everUsed && <TrustStrip trust={data.trust} currency={data.currency} />}
      foot="Times are in your time zone; days and hours are cut in UTC. Amounts are exact to 12 decimals."
      at={data && page.at}
    >
      {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
      {data === null && !page.error && <Skeleton />}
      {data && !everUsed && <Newcomer />}
      {data && everUsed && (
        <>
          <Figures figures={data.figures} currency={data.currency} />
          <SpendChart series={data.series} currency={data.currency} summary={data.summary} />
          <Models rows={data.models} figures={data.figures} currency={data.currency} />
          <Swaps rows={verdicts.data?.routes ?? []} error={verdicts.error} now={Date.parse(data.generatedAt)} />
          <Decisions rows={data.decisions} currency={data.currency} />
        </>
      )}
    </Page>
  );
}

/** The first thing a newcomer sees: one call that makes this page come alive. */
function Newcomer() {
  return (
    <Empty title="No request has come through yet" command={CALL}>
      <p>
        Point a client at the gateway, or send this. Within seconds its cost, what it saved and why it went where it went will
        stand here.
      </p>
      <ul className="hints">
        <li>
          <b>No vendor key?</b> None is needed for that call: a small open model answers inside the gateway.
        </li>
        <li>
          <b>An OpenAI client?</b> Set its base URL to <code>http://127.0.0.1:8080/v1</code> and change nothing else.
        </li>
        <li>
          <b>Only looking?</b> <code>./pareto demo</code> fills this page with simulated traffic, marked as such.
        </li>
      </ul>
    </Empty>
  );
}
