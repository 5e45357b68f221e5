import { Page } from '../frame/Page';
import { ago, count, words } from '../frame/format';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge, type Tone } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Empty, Failure, Skeleton } from '../parts/States';
import { change, type Experiment, experiments } from './api';

const TONES: Record<Experiment['state'], Tone> = { DRAFT: 'plain', RUNNING: 'info', STOPPED: 'warn', CONCLUDED: 'good' };

export function State({ experiment }: { experiment: Experiment }) {
  return (
    <Badge tone={TONES[experiment.state]}>
      {words(experiment.state)}
      {experiment.winner && `: ${experiment.winner}`}
    </Badge>
  );
}

const PASTE = `experiments:
  open-for-closed:
    hypothesis: The open model settles as many tickets, for a fifth of the price.
    route: support
    arms:                                   # the first is the control
      closed: {model: openai/gpt-4o}
      open:   {model: local/support-desk}
    unit: conversation                      # the header Pareto-Unit
    primary: {metric: success, minimal-effect: 2 pp}
    guards: {errors: 2 pp, latency: 50 %}
    stop: {horizon: 14 d, most: 20000}

./pareto experiment start open-for-closed --reason "the swap is open; does it hold?"`;

const LEAD = 'Two or more ways of answering on the same traffic: which one is better, and by how much at least?';

/** Every experiment that is stated. */
export function Experiments() {
  const { data, error, at, reload } = useLoad('experiments', experiments, 5_000);
  const all = data?.experiments ?? [];
  return (
    <Page title="Experiments" lead={LEAD} at={at} busy={!data && !error}>
      {error && <Failure message={error} stale={data !== null} retry={reload} />}
      {!data && !error && <Skeleton />}
      {data && all.length === 0 && (
        <Empty title="No experiment is stated" command={PASTE}>
          <p>
            State one in <code>pareto.yaml</code>; it is read when the file changes. It splits no traffic before somebody starts it, and an
            open model serves no further than its swap lets it.
          </p>
        </Empty>
      )}
      {all.length > 0 && (
        <Card title="All experiments" summary="Intervals hold at every look, so looking often harms nothing.">
          <DataTable label="All experiments" columns={COLUMNS} rows={all} keyOf={(one) => one.name} to={(one) => address(one)} />
        </Card>
      )}
    </Page>
  );
}

const address = (one: Experiment) => `/experiments/${encodeURIComponent(one.name)}`;

const primary = (one: Experiment) => one.look?.findings.differences.filter((difference) => difference.primary) ?? [];

const COLUMNS: Column<Experiment>[] = [
  { name: 'Experiment', wide: true, cell: (one) => <Link to={address(one)}>{one.name}</Link> },
  { name: 'State', cell: (one) => <State experiment={one} /> },
  { name: 'Route', cell: (one) => (one.segment ? `${one.route}, ${one.segment}` : one.route) },
  { name: 'Units', num: true, cell: (one) => count(one.look?.findings.units ?? 0) },
  {
    name: 'Primary metric',
    cell: (one) =>
      primary(one).length === 0
        ? one.primary
        : primary(one).map((difference) => (
            <span className="line" key={difference.arm}>
              {difference.arm}: {one.primary} {change(one.primary, difference.difference)}
              {difference.lower !== null && ` (${change(one.primary, difference.lower)} to ${change(one.primary, difference.upper)})`}
            </span>
          )),
  },
  { name: 'Since', cell: (one) => ago(one.since, Date.now()) },
];
