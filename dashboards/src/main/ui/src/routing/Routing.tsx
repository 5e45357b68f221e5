import { count, percent } from '../frame/format';
import { Page } from '../frame/Page';
import { Link, useChoice } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Segmented } from '../parts/Segmented';
import { Empty, Failure, Skeleton } from '../parts/States';
import * as api from './api';
import type { Period, RouteRow } from './api';
import { ShareBar } from './ShareBar';
import { PERIODS } from './words';

const ROUTE = `routes:
  support: {candidates: [openai/gpt-4o, local/support-desk], policy: good-enough}
policies:
  good-enough:
    minimise: cost
    subject-to:
      accuracy: {within: 3 pp, of: openai/gpt-4o}
      latency: {total-p95: 6 s}`;

const COLUMNS: Column<RouteRow>[] = [
  {
    name: 'Route',
    wide: true,
    cell: (row) => (
      <span className="pair">
        <Link to={api.address(row.route)} className="row-link">
          {row.route}
        </Link>
        <span className="pair-models">{row.policy === null ? 'the first that may serve' : `policy ${row.policy}`}</span>
      </span>
    ),
  },
  { name: 'Answered', num: true, cell: (row) => count(row.requests) },
  {
    name: 'Where its requests went',
    wide: true,
    cell: (row) =>
      row.requests === 0 ? (
        <span className="quiet">nobody asked yet</span>
      ) : (
        <ShareBar parts={row.shares} models={row.candidates} />
      ),
  },
  {
    name: 'Most by',
    cell: (row) => {
      const first = row.shares[0];
      return first ? (
        <span className="pair">
          <span className="model">{first.model}</span>
          <span className="under">{percent(first.requests / row.requests, 0)}</span>
        </span>
      ) : (
        '–'
      );
    },
  },
  { name: 'Candidates', num: true, cell: (row) => count(row.candidates.length), exact: (row) => row.candidates.join(', ') },
];

/** Every route, its policy, and where its requests go. */
export function Routing() {
  const [period, choose] = useChoice<Period>('period', ['24h', '7d', '30d'], '24h');
  const page = useLoad(`routing:${period}`, (signal) => api.list(period, signal));
  const rows = page.data?.routes ?? [];
  const chosen = rows.filter((row) => row.policy !== null).length;
  return (
    <Page
      title="Routing"
      lead="What callers name as their model, which models may serve it, and where each route's requests go."
      busy={page.data === null && !page.error}
      at={page.data && page.at}
      actions={<Segmented label="Period" options={PERIODS} value={period} choose={choose} />}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && rows.length === 0 && (
        <Empty title="There are no routes yet" command={ROUTE}>
          <p>
            A route is a name that callers write into <code>model</code>: it has candidates, and a policy that chooses among them
            for each request. Write one into <code>pareto.yaml</code>:
          </p>
        </Empty>
      )}
      {rows.length > 0 && (
        <Card
          title="By route"
          summary={`${count(rows.length)} ${rows.length === 1 ? 'route' : 'routes'}, of which ${count(chosen)} choose by a policy.`}
        >
          <DataTable label="Routes" columns={COLUMNS} rows={rows} keyOf={(row) => row.route} to={(row) => api.address(row.route)} />
        </Card>
      )}
    </Page>
  );
}
