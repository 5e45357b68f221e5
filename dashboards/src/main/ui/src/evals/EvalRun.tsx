import { count, down, duration, exact, money, percent, pp, span, up, when } from '../frame/format';
import { Page } from '../frame/Page';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Interval } from '../parts/Interval';
import { Failure, NotFound, Skeleton } from '../parts/States';
import { OutcomeBadge } from '../verdicts/words';
import * as api from './api';
import type { RunView, Side, Slice } from './api';
import { Items } from './Items';
import { Judges } from './Judges';
import { Progress } from './Progress';
import { Accuracy, Difference, RunBadges } from './words';

const ABOVE = [{ to: '/evals', name: 'Evals' }];

/** One run: how the models fared, on which kinds of request, and on every single item. */
export function EvalRun({ id }: { id: string }) {
  const page = useLoad(`run:${id}`, (signal) => api.run(id, signal), 2_500);
  if (page.missing) {
    return <NotFound what={`There is no run ${id}`} back="/evals" list="All runs" />;
  }
  const run = page.data?.summary;
  return (
    <Page
      title={run ? run.header.suite : 'Run'}
      above={ABOVE}
      badges={run && <RunBadges run={run} />}
      lead={run && lead(run)}
      busy={page.data === null && !page.error}
      at={page.data && page.at}
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && <Whole view={page.data} />}
    </Page>
  );
}

function lead(run: RunView['summary']): string {
  const [candidate, incumbent] = run.header.models;
  const models = incumbent ? `${candidate?.model} against ${incumbent.model}` : (candidate?.model ?? '');
  const took = run.endedAt
    ? `, took ${span((Date.parse(run.endedAt) - Date.parse(run.header.startedAt)) / 1_000)}`
    : '';
  return `${models}; begun ${when(run.header.startedAt)}${took}.`;
}

function Whole({ view: { summary: run, verdict } }: { view: RunView }) {
  return (
    <>
      {run.state !== 'ENDED' && <Progress run={run} />}
      {verdict && (
        <Card
          title="Verdict"
          actions={
            <Link to={`/verdicts/${encodeURIComponent(verdict.id)}`} className="button">
              Open the verdict
            </Link>
          }
        >
          <p className="badges">
            <OutcomeBadge outcome={verdict.outcome} />
            {verdict.difference !== null && (
              <Interval
                difference={verdict.difference}
                lower={verdict.lower}
                upper={verdict.upper}
                margin={verdict.margin}
              />
            )}
          </p>
          <p className="verdict-words">{verdict.sentence}</p>
        </Card>
      )}
      <Models sides={run.figures.models} total={run.header.total} run={run} decided={verdict !== null} />
      {run.figures.slices.length > 0 && <Slices rows={run.figures.slices} compares={run.header.models.length === 2} keyed={run.header.keyed !== false} />}
      {run.header.judges.length > 0 && <Judges run={run} />}
      <Items run={run} />
    </>
  );
}

const ROLES = ['Candidate', 'Incumbent'];

function Models({ sides, total, run, decided }: { sides: Side[]; total: number; run: RunView['summary']; decided: boolean }) {
  const columns: Column<Side>[] = [
    {
      name: 'Model',
      wide: true,
      cell: (side) => (
        <span className="pair">
          <span className="model">{side.model}</span>
          {sides.length === 2 && <span className="pair-models">{ROLES[sides.indexOf(side)]}</span>}
        </span>
      ),
    },
    { name: run.header.keyed === false ? 'Pass' : 'Right', title: 'Mean score with its 95 % interval', cell: (side) => <Accuracy estimate={side.accuracy} /> },
    { name: 'Items', num: true, cell: (side) => `${count(side.done)} / ${count(total)}` },
    { name: 'Form', num: true, title: 'Answers without the expected form', cell: (side) => count(side.formatFailures) },
    { name: 'Cut', num: true, title: 'Answers cut off at their longest', cell: (side) => count(side.truncated) },
    { name: 'Refused', num: true, title: 'Answers that decline', cell: (side) => count(side.refused) },
    {
      name: 'No answer',
      num: true,
      title: 'Calls that failed for good, and answers that a grader failed on',
      cell: (side) => count(side.errors + side.ungraded),
    },
    { name: 'Median', num: true, cell: (side) => duration(side.p50Millis) },
    { name: 'p95', num: true, cell: (side) => duration(side.p95Millis) },
    {
      name: 'Cost',
      num: true,
      title: 'Of all answers, those paid for earlier too',
      cell: (side) => (side.cost === null ? '–' : money(side.cost, side.currency ?? 'USD')),
      exact: (side) => (side.cost === null ? undefined : exact(side.cost, side.currency ?? 'USD')),
    },
  ];
  return (
    <Card title={sides.length === 2 ? 'The two models' : 'The model'} summary={words(run, decided)}>
      <DataTable label="Models" columns={columns} rows={sides} keyOf={(side) => side.model} />
    </Card>
  );
}

function words({ header, figures }: RunView['summary'], decided: boolean): string {
  const { difference } = figures;
  const margin = header.margin === null ? '' : ` The margin, written down before the first question, is ${pp(header.margin)}.`;
  if (difference === null) {
    return `${count(header.total)} items.${margin}`;
  }
  const better = difference.value >= 0 ? 'better' : 'worse';
  return (
    `On ${count(difference.n)} graded pairs the candidate is ${pp(Math.abs(difference.value))} ${better}` +
    (difference.interval
      ? decided
        ? `; the verdict's interval${header.sequential ? ', which allows for having looked after every item,' : ''} goes from ${pp(down(difference.interval.lower))} to ${pp(up(difference.interval.upper))}.`
        : header.sequential
        ? `; a plain 95 % interval, which does not allow for having looked after every item, goes from ${pp(down(difference.interval.lower))} to ${pp(up(difference.interval.upper))}. The verdict rests on a test that does.`
        : `; with 95 % confidence the difference is between ${pp(down(difference.interval.lower))} and ${pp(up(difference.interval.upper))}.`
      : '.') +
    margin
  );
}

function Slices({ rows, compares, keyed }: { rows: Slice[]; compares: boolean; keyed: boolean }) {
  const columns: Column<Slice>[] = [
    {
      name: 'Slice',
      cell: (slice) => (
        <Link to={`${location.pathname}?slice=${encodeURIComponent(slice.name)}#items`} className="row-link plain">
          {slice.name}
        </Link>
      ),
    },
    { name: 'Items', num: true, cell: (slice) => count(slice.n) },
    { name: compares ? 'Candidate' : keyed ? 'Right' : 'Pass', cell: (slice) => <Accuracy estimate={slice.candidate} /> },
    ...(compares
      ? [
          { name: 'Incumbent', cell: (slice: Slice) => <Accuracy estimate={slice.incumbent} /> },
          { name: 'Difference', num: true, cell: (slice: Slice) => <Difference estimate={slice.difference} /> },
          {
            name: 'Finding',
            wide: true,
            cell: (slice: Slice) =>
              slice.difference?.interval &&
              (slice.difference.interval.upper < 0 ? (
                <Badge tone="bad" title="The whole interval lies below zero">
                  worse
                </Badge>
              ) : slice.difference.interval.lower > 0 ? (
                <Badge tone="good" title="The whole interval lies above zero">
                  better
                </Badge>
              ) : null),
          },
        ]
      : []),
  ];
  const weakest = rows.reduce((one, other) => ((other.candidate?.value ?? 1) < (one.candidate?.value ?? 1) ? other : one));
  return (
    <Card
      title="Slices"
      summary={`${count(rows.length)} kinds of item. The candidate is weakest on ${weakest.name}: ${percent(weakest.candidate?.value ?? null)} ${keyed ? 'right' : 'pass'}.`}
    >
      <DataTable label="Slices" columns={columns} rows={rows} keyOf={(slice) => slice.name} tall={rows.length > 8} />
    </Card>
  );
}
