import { count, share, time } from '../frame/format';
import { Page } from '../frame/Page';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Empty, Failure, Skeleton } from '../parts/States';
import * as api from './api';
import { Alarm } from './Alarm';
import type { Swap } from './api';
import { StateBadge, datesOf } from './words';

const PLAN = `swaps:
  support:
    to: local/support-desk
    margin: 3 pp
    shadow: 10 %
    ramp: [1 %, 5 %, 25 %]
    dwell: 24 h
    approval: automatic      # manual: a person agrees first`;

const COLUMNS: Column<Swap>[] = [
  {
    name: 'Route and segment',
    wide: true,
    cell: (swap) => (
      <span className="pair">
        <Link to={api.address(swap)} className="row-link">
          {swap.route}
          {swap.segment && ` / ${swap.segment}`}
        </Link>
        <span className="pair-models">to {swap.candidate}</span>
      </span>
    ),
  },
  {
    name: 'State',
    wide: true,
    cell: (swap) => (
      <span className="badges">
        <StateBadge swap={swap} />
      </span>
    ),
  },
  {
    name: 'Serves now',
    cell: (swap) => (
      <span className="share">
        <span className="bar" aria-hidden="true">
          <span style={{ width: `${swap.share * 100}%` }} />
        </span>
        <span className="num">{share(swap.share)}</span>
      </span>
    ),
  },
  {
    name: 'Closest guard',
    title: 'Evidence against the candidate, on the way to an alarm',
    cell: (swap) => <Alarm swap={swap} />,
  },
  { name: 'Seen', num: true, title: 'Answers of the candidate at the present share', cell: (swap) => count(swap.candidateSeen.requests) },
  { name: 'Since', num: true, cell: (swap) => time(swap.since), exact: (swap) => swap.since },
  { name: 'Why', wide: true, cell: (swap) => <span className="reason">{swap.reason}</span> },
];

/** Every replacement of a closed model by an open one, and where it stands. */
export function Swaps() {
  const page = useLoad('swaps', api.list, 5_000);
  const rows = page.data?.swaps ?? [];
  const serving = rows.filter((swap) => swap.share > 0).length;
  const back = rows.filter((swap) => swap.state === 'ROLLED_BACK').length;
  return (
    <Page
      title="Swaps"
      lead="Where an open model takes over from a closed one: step by step, by evidence, and back by itself when it no longer holds."
      busy={page.data === null && !page.error}
      at={page.data && page.at}
      foot={datesOf(page.data?.speed)}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && rows.length === 0 && (
        <Empty title="Nothing is to be swapped yet" command={PLAN}>
          <p>
            A route with a closed and an open candidate has a swap as soon as there is a verdict on the two (
            <code>./pareto eval compare</code>). How it goes is said in <code>pareto.yaml</code>:
          </p>
        </Empty>
      )}
      {rows.length > 0 && (
        <Card
          title="By route and segment"
          summary={`${count(serving)} of ${count(rows.length)} serve callers now${back > 0 ? `; ${count(back)} rolled back` : ''}.`}
        >
          <DataTable
            label="Swaps"
            columns={COLUMNS}
            rows={rows}
            keyOf={(swap) => `${swap.route} ${swap.candidate} ${swap.segment}`}
            to={api.address}
          />
        </Card>
      )}
    </Page>
  );
}
