import { count, date, down, points, pp, up } from '../frame/format';
import { Page } from '../frame/Page';
import { Link, useChoice } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge, Simulated } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Interval } from '../parts/Interval';
import { Segmented } from '../parts/Segmented';
import { Empty, Failure, Skeleton } from '../parts/States';
import * as api from './api';
import type { VerdictRow } from './api';
import { ActionBadge, OutcomeBadge } from './words';

const COMPARE = './pareto eval compare --suite support \\\n  --candidate local/support-desk --baseline openai/gpt-4o';

const SHOWN = [
  { id: 'all', label: 'All' },
  { id: 'valid', label: 'In force for real traffic', name: 'Neither expired nor obtained against a simulated vendor; a simulated one moves the traffic of simulated vendors only' },
  { id: 'good', label: 'Good enough', name: 'Superior or non-inferior' },
] as const;

const KEEP: Record<(typeof SHOWN)[number]['id'], (row: VerdictRow) => boolean> = {
  all: () => true,
  valid: (row) => !row.expired && !row.simulated,
  good: (row) => row.outcome === 'SUPERIOR' || row.outcome === 'NON_INFERIOR',
};

const COLUMNS: Column<VerdictRow>[] = [
  {
    name: 'Verdict',
    wide: true,
    cell: (row) => (
      <span className="pair">
        <Link to={`/verdicts/${encodeURIComponent(row.id)}`} className="row-link">
          {row.route}
        </Link>
        <span className="pair-models">
          {row.incumbent} <span aria-label="replaced by">→</span> {row.candidate}
        </span>
      </span>
    ),
  },
  {
    name: 'Outcome',
    wide: true,
    cell: (row) => (
      <span className="badges">
        <OutcomeBadge outcome={row.outcome} />
        {row.action !== 'ADVANCE' && row.outcome !== 'INFERIOR' && <ActionBadge action={row.action} />}
        {row.simulated && <Simulated />}
        {row.expired && <Badge tone="warn">expired</Badge>}
      </span>
    ),
  },
  {
    name: 'Difference against the margin',
    wide: true,
    cell: (row) =>
      row.difference === null ? (
        '–'
      ) : (
        <Interval difference={row.difference} lower={row.lower} upper={row.upper} margin={row.margin} />
      ),
  },
  {
    name: 'Difference',
    num: true,
    title: 'Candidate minus incumbent, percentage points, with the interval that the verdict rests on',
    cell: (row) => (
      <>
        <b>{row.difference === null ? '–' : points(row.difference)}</b>
        {row.lower !== null && row.upper !== null && (
          <span className="under">
            {points(down(row.lower))} … {points(up(row.upper))}
          </span>
        )}
      </>
    ),
  },
  { name: 'Margin', num: true, cell: (row) => (row.margin === null ? '–' : pp(row.margin)) },
  { name: 'Items', num: true, cell: (row) => count(row.items) },
  { name: 'Made', num: true, cell: (row) => date(row.createdAt), exact: (row) => row.createdAt },
];

/** Every answer to "is this open model good enough?", newest first. */
export function Verdicts() {
  const page = useLoad('verdicts', api.list);
  const [shown, choose] = useChoice('show', ['all', 'valid', 'good'] as const, 'all');
  const rows = page.data?.verdicts ?? [];
  const kept = rows.filter(KEEP[shown]);
  return (
    <Page
      title="Verdicts"
      lead="Is the open model good enough to take the closed one’s place? Each verdict is a sealed record that anyone can recompute."
      busy={page.data === null && !page.error}
      at={page.data && page.at}
      actions={
        rows.length > 0 && (
          <Segmented
            label="Show"
            options={SHOWN.map((one) => ({ ...one, count: count(rows.filter(KEEP[one.id]).length) }))}
            value={shown}
            choose={choose}
          />
        )
      }
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && rows.length === 0 && (
        <Empty title="No verdict yet" command={COMPARE}>
          <p>
            Put the same questions to both models: the margin is written down before the first one is asked, and the answer stands
            here with everything that it rests on.
          </p>
        </Empty>
      )}
      {rows.length > 0 && (
        <Card title="On file" summary={kept.length === rows.length ? 'Newest first.' : `${count(kept.length)} of ${count(rows.length)}, newest first.`}>
          {kept.length === 0 ? (
            <p className="quiet">None of the verdicts is of this kind.</p>
          ) : (
            <DataTable
              label="Verdicts"
              columns={COLUMNS}
              rows={kept}
              keyOf={(row) => row.id}
              to={(row) => `/verdicts/${encodeURIComponent(row.id)}`}
            />
          )}
        </Card>
      )}
    </Page>
  );
}
