import type { ReactNode } from 'react';
import { Page } from '../frame/Page';
import { count, percent, time, words } from '../frame/format';
import { useLoad } from '../frame/useLoad';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { Facts } from '../parts/Facts';
import { Figure, Figures } from '../parts/Figure';
import { Failure, NotFound, Skeleton } from '../parts/States';
import { type Arm, type ArmCount, change, type Difference, type Experiment, experiment, figure, type Guard, type Move, type Opened, tolerance } from './api';
import { DifferenceChart } from './DifferenceChart';
import { State } from './Experiments';

/** One experiment: who got what, what came of it, and why it goes on or ended. */
export function OpenedExperiment({ name }: { name: string }) {
  const { data, error, missing, at, reload } = useLoad(`experiment ${name}`, (signal) => experiment(name, signal), 5_000);
  if (missing) {
    return <NotFound what={`There is no experiment ${name}`} back="/experiments" list="To the experiments" />;
  }
  const one = data?.experiment;
  return (
    <Page
      title={name}
      lead={one?.hypothesis}
      above={[{ to: '/experiments', name: 'Experiments' }]}
      badges={one && <State experiment={one} />}
      at={at}
      busy={!data && !error}
    >
      {error && <Failure message={error} stale={data !== null} retry={reload} />}
      {!data && !error && <Skeleton />}
      {data && one && <Cards opened={data} one={one} />}
    </Page>
  );
}

function Cards({ opened, one }: { opened: Opened; one: Experiment }) {
  const findings = one.look?.findings;
  const concluded = opened.moves.filter((move) => move.to === 'CONCLUDED' && move.run < one.run);
  return (
    <>
      {one.problems.map((problem) => (
        <p key={problem} className="form-error" role="status">
          {problem}
        </p>
      ))}
      {one.state !== 'DRAFT' && (
        <Card title={one.state === 'RUNNING' ? 'Running' : 'Decision'} summary={`By ${one.by}, ${time(one.since)}.`}>
          <p className="decision" data-figure="decision">
            {one.reason}
          </p>
          {one.changed && <p className="quiet">The configuration states it differently now than it ran.</p>}
        </Card>
      )}
      {findings && <Numbers one={one} opened={opened} />}
      {!findings && (
        <Card title={one.state === 'DRAFT' ? 'Not started' : 'Nobody has taken part yet'} summary="It splits traffic from the next request on.">
          <Code text={`./pareto experiment start ${one.name} --reason "…"`} />
        </Card>
      )}
      <Card title="Arms" summary="Every request counts for the arm that it was assigned to, whoever answered it.">
        <DataTable
          label="Arms"
          columns={armColumns(one)}
          rows={one.arms.map((arm) => ({ arm, seen: findings?.arms.find((seen) => seen.arm === arm.name) }))}
          keyOf={({ arm }) => arm.name}
        />
      </Card>
      {concluded.length > 0 && (
        <Card title="Earlier conclusions" summary="A new run begins with nothing; what was concluded from those before stays on record.">
          <DataTable label="Earlier conclusions" columns={MOVES} rows={concluded} keyOf={(move) => move.at} />
        </Card>
      )}
      {findings && findings.units > 0 && <DifferenceChart opened={opened} />}
      {findings && findings.units === 0 && (
        <Card title="Difference over time">
          <p className="quiet">Nobody has been assigned to an arm in this run yet; the chart begins with the first of them.</p>
        </Card>
      )}
      {findings && (
        <Card
          title="Metrics"
          summary={`Arm less control. Intervals hold at every look; those of ${one.primary} for all arms together, p by Holm. The others are for reading, not for deciding.`}
        >
          <DataTable
            label="Metrics"
            columns={METRICS}
            rows={findings.differences.filter((difference) => difference.difference !== null)}
            keyOf={(difference) => `${difference.metric} ${difference.arm}`}
          />
        </Card>
      )}
      {findings && findings.guards.length > 0 && (
        <Card
          title="Guards"
          summary={`An alarm ends the experiment by itself. Were all arms within what is tolerated, any of these would sound with a probability of at most ${percent(one.guardAlpha)} over its whole life.`}
        >
          <DataTable label="Guards" columns={GUARDS} rows={findings.guards} keyOf={(guard) => `${guard.metric} ${guard.arm}`} />
        </Card>
      )}
      <Card title="Plan">
        <Facts facts={facts(one)} />
      </Card>
      <Card title="Moves" summary="Newest first.">
        {opened.moves.length === 0 ? (
          <p className="quiet">None yet.</p>
        ) : (
          <DataTable label="Moves" columns={MOVES} rows={opened.moves} keyOf={(move) => move.at} />
        )}
      </Card>
    </>
  );
}

function Numbers({ one, opened }: { one: Experiment; opened: Opened }) {
  const findings = one.look?.findings;
  if (!findings) {
    return null;
  }
  const gone = findings.differences.find((difference) => difference.primary)?.varianceGone ?? 0;
  return (
    <Figures label="At a glance">
      <Figure name="Units" id="units" value={count(findings.units)}>
        of at most {count(one.most)}; {count(findings.requests)} requests
      </Figure>
      {findings.differences
        .filter((difference) => difference.primary)
        .map((difference) => (
          <Figure
            key={difference.arm}
            name={`${words(one.primary)}, ${difference.arm}`}
            id={`difference-${difference.arm}`}
            value={change(one.primary, difference.difference)}
            tone={difference.verdict === 'BETTER' ? 'good' : difference.verdict === 'WORSE' ? 'bad' : undefined}
          >
            {difference.lower === null
              ? 'too few units for an interval yet'
              : `${change(one.primary, difference.lower)} to ${change(one.primary, difference.upper)}; ${words(difference.verdict).toLowerCase()}`}
          </Figure>
        ))}
      <Figure name="Split" id="split" value={findings.split.mismatch ? 'Mismatch' : 'As stated'} tone={findings.split.mismatch ? 'bad' : undefined}>
        evidence {findings.split.logBayesFactor.toFixed(1)} of {findings.split.alarmAt.toFixed(1)} (ln)
      </Figure>
      <Figure name="Looks" value={count(opened.looks.length)}>
        {gone > 0 ? `${percent(gone)} of the variance was known before` : 'kept of this run'}
      </Figure>
    </Figures>
  );
}

interface ArmRow {
  arm: Arm;
  seen: ArmCount | undefined;
}

const armColumns = (one: Experiment): Column<ArmRow>[] => [
  {
    name: 'Arm',
    cell: ({ arm }) => (
      <>
        {arm.name} {arm === one.arms[0] && <Badge>control</Badge>} {arm.name === one.winner && <Badge tone="good">chosen</Badge>}
      </>
    ),
  },
  { name: 'Gets', wide: true, cell: ({ arm }) => treatment(arm) },
  { name: 'Weight', num: true, cell: ({ arm }) => percent(arm.weight) },
  { name: 'Units', num: true, cell: ({ seen }) => count(seen?.units ?? 0) },
  { name: 'Requests', num: true, cell: ({ seen }) => count(seen?.requests ?? 0) },
  {
    name: 'Applied',
    num: true,
    title: 'Requests whose treatment was applied; the gate or a constraint forbade the others, which count all the same',
    cell: ({ seen }) => (seen && seen.requests > 0 ? percent(seen.delivered / seen.requests) : '–'),
  },
  { name: words(one.primary), num: true, cell: ({ seen }) => figure(one.primary, seen?.values[one.primary]) },
];

function treatment(arm: Arm): ReactNode {
  const parts = [arm.model, arm.policy && `policy ${arm.policy}`, arm.system && `system prompt “${shortened(arm.system)}”`].filter(Boolean);
  return parts.length === 0 ? 'the route as it is' : parts.join(', ');
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const p = (value: number) => (value < 0.0001 ? '< 0.0001' : value.toFixed(4));

const METRICS: Column<Difference>[] = [
  {
    name: 'Metric',
    cell: (one) => (
      <>
        {one.metric} {one.primary && <Badge tone="info">primary</Badge>}
      </>
    ),
  },
  { name: 'Arm', cell: (one) => one.arm },
  { name: 'Control', num: true, cell: (one) => figure(one.metric, one.control) },
  { name: 'In the arm', num: true, cell: (one) => figure(one.metric, one.treated) },
  { name: 'Difference', num: true, cell: (one) => change(one.metric, one.difference), exact: (one) => one.difference?.toString() },
  {
    name: 'Always-valid interval',
    num: true,
    cell: (one) => (one.lower === null ? 'too few units yet' : `${change(one.metric, one.lower)} to ${change(one.metric, one.upper)}`),
  },
  { name: 'p', num: true, title: 'Valid at whatever moment one looks', cell: (one) => (one.lower === null ? '–' : p(one.p)) },
  { name: 'So', cell: (one) => <Reading one={one} /> },
];

/** Where the whole interval lies on one side. */
function Reading({ one }: { one: Difference }) {
  const higher = one.lower !== null && one.lower > 0;
  const lower = one.upper !== null && one.upper < 0;
  if (one.primary) {
    const tone = one.verdict === 'BETTER' ? 'good' : one.verdict === 'WORSE' ? 'bad' : 'plain';
    return <Badge tone={tone}>{words(one.verdict)}</Badge>;
  }
  if (!higher && !lower) {
    return <span className="quiet">not decided</span>;
  }
  return higher === one.higherIsBetter ? <Badge tone="good">Better</Badge> : <Badge tone="bad">Worse</Badge>;
}

const GUARDS: Column<Guard>[] = [
  { name: 'Metric', cell: (guard) => guard.metric },
  { name: 'Arm', cell: (guard) => guard.arm },
  { name: 'Worse by at most', num: true, cell: (guard) => tolerance(guard.metric, guard.tolerance, guard.relative) },
  {
    name: 'Beyond that at least',
    num: true,
    title: 'Lower bound; an alarm above zero',
    cell: (guard) => (guard.worseAtLeast === null ? 'too few units yet' : change(guard.metric, guard.worseAtLeast)),
  },
  {
    name: 'Exact evidence',
    num: true,
    title: 'Of the units’ first requests, for rates: natural logarithms',
    cell: (guard) => (guard.logEvidence === null ? '–' : `${guard.logEvidence.toFixed(1)} of ${guard.alarmAt?.toFixed(1)}`),
  },
  { name: 'State', cell: (guard) => (guard.alarm ? <Badge tone="bad">Alarm</Badge> : <Badge tone="good">Quiet</Badge>) },
];

const MOVES: Column<Move>[] = [
  { name: 'When', cell: (move) => time(move.at) },
  { name: 'Run', num: true, cell: (move) => move.run },
  { name: 'Move', cell: (move) => `${words(move.from)} → ${words(move.to).toLowerCase()}` },
  { name: 'By', cell: (move) => move.by },
  { name: 'Why', wide: true, cell: (move) => move.reason },
];

function facts(one: Experiment): [string, ReactNode][] {
  return [
    ['Route', one.route],
    ['Traffic', `${percent(one.traffic)}${one.segment ? ` of ${one.segment}` : ''}`],
    ['Unit', `${words(one.unit).toLowerCase()}; without one: ${words(one.unitMissing).toLowerCase()}`],
    [
      'Primary metric',
      `${one.primary}, ${one.higherIsBetter ? 'higher' : 'lower'} is better${one.effect > 0 ? `, from ${tolerance(one.primary, one.effect, one.effectRelative)} on it matters` : ''}`,
    ],
    ['Wrong “different”', `at most ${percent(one.alpha)}, however often one looks`],
    [
      'Ends',
      `after ${days(one.horizonSeconds)} or ${count(one.most)} units${one.early ? `, or once every arm is decided on ${count(one.least)} units or more each` : ''}`,
    ],
    ['Watched before', one.beforeSeconds > 0 ? days(one.beforeSeconds) : null],
  ];
}

const days = (seconds: number) => (seconds >= 86_400 ? `${Number((seconds / 86_400).toFixed(1))} d` : `${Number((seconds / 3_600).toFixed(1))} h`);
