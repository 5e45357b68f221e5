import { count, exact, money, time } from '../frame/format';
import { Page } from '../frame/Page';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Card } from '../parts/Card';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { Empty, Failure, Skeleton } from '../parts/States';
import * as api from './api';
import type { Summary } from './api';
import { Progress } from './Progress';
import { Accuracy, Difference, RunBadges } from './words';

const RUN = './pareto eval run --suite support --model local/support-desk';
const COMPARE = './pareto eval compare --suite support \\\n  --candidate local/support-desk --baseline openai/gpt-4o';

const COLUMNS: Column<Summary>[] = [
  {
    name: 'Run',
    wide: true,
    cell: (run) => (
      <span className="pair">
        <Link to={`/evals/${run.header.id}`} className="row-link">
          {run.header.suite}
        </Link>
        <span className="pair-models">
          {run.header.models.length === 2 ? (
            <>
              {run.header.models[1]?.model} <span aria-label="against">→</span> {run.header.models[0]?.model}
            </>
          ) : (
            run.header.models[0]?.model
          )}
        </span>
      </span>
    ),
  },
  {
    name: 'State',
    wide: true,
    cell: (run) => (
      <span className="badges">
        <RunBadges run={run} />
      </span>
    ),
  },
  {
    name: 'Candidate',
    title: 'Share right, with its 95 % interval; of a run of one model that one',
    cell: (run) => <Accuracy estimate={run.figures.models[0]?.accuracy ?? null} />,
  },
  { name: 'Incumbent', cell: (run) => <Accuracy estimate={run.figures.models[1]?.accuracy ?? null} /> },
  {
    name: 'Difference',
    num: true,
    title: 'Candidate minus incumbent, percentage points, with its interval: that of the verdict once one is filed, of level 95 % before',
    cell: (run) => <Difference estimate={run.figures.difference} />,
  },
  { name: 'Items', num: true, cell: (run) => `${count(run.figures.models[0]?.done ?? 0)} / ${count(run.header.total)}` },
  { name: 'Spent', num: true, title: 'By this run: answers that were not there already, judges, and the noise floor before it', cell: spent, exact: exactly },
  { name: 'Begun', num: true, cell: (run) => time(run.header.startedAt), exact: (run) => run.header.startedAt },
];

function spent(run: Summary) {
  const { spent } = run.figures;
  return spent === null ? '–' : money(spent.amount, spent.currency);
}

function exactly(run: Summary) {
  const { spent } = run.figures;
  if (spent === null) {
    return undefined;
  }
  const beside = spent.beside === null ? '' : `, of these ${exact(spent.beside, spent.currency)} before its items (noise floor)`;
  return exact(spent.amount, spent.currency) + beside;
}

/** Every run of a suite, newest first; those under way move by themselves. */
export function Evals() {
  const page = useLoad('evals', api.list, 3_000);
  const runs = page.data?.runs ?? [];
  const now = runs.filter((run) => run.state === 'RUNNING');
  return (
    <Page
      title="Evals"
      lead="How good is each model at what you use it for? Suites put to models through the gateway, item by item."
      busy={page.data === null && !page.error}
      at={page.data && page.at}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && runs.length === 0 && (
        <Empty title="Nothing was run yet">
          <p>Put a suite to one model, or to two side by side. It shows up here while it runs, and stays.</p>
          <Code text={COMPARE} />
          <p>One model by itself:</p>
          <Code text={RUN} />
        </Empty>
      )}
      {now.map((run) => (
        <Progress key={run.header.id} run={run} linked />
      ))}
      {runs.length > 0 && (
        <Card title="Runs" summary="Intervals are of level 95 %; a difference that has a verdict is shown with the verdict's.">
          <DataTable
            label="Runs"
            columns={COLUMNS}
            rows={runs}
            keyOf={(run) => run.header.id}
            to={(run) => `/evals/${run.header.id}`}
          />
        </Card>
      )}
    </Page>
  );
}
