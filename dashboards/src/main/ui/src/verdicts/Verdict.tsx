import type { ReactNode } from 'react';
import { count, down, duration, exact, money, percent, points, pp, until, up, when } from '../frame/format';
import { Page } from '../frame/Page';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge, Simulated, type Tone } from '../parts/Badge';
import { Card } from '../parts/Card';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { Facts } from '../parts/Facts';
import { Figure, Figures } from '../parts/Figure';
import { Interval } from '../parts/Interval';
import { Failure, NotFound, Skeleton } from '../parts/States';
import * as api from './api';
import type { Guard, GuardVerdict, Slice, VerdictView } from './api';
import { ActionBadge, OutcomeBadge } from './words';

const ABOVE = [{ to: '/verdicts', name: 'Verdicts' }];

/** One verdict with everything that it rests on. */
export function Verdict({ id }: { id: string }) {
  const page = useLoad(`verdict:${id}`, (signal) => api.one(id, signal));
  if (page.missing) {
    return <NotFound what={`There is no verdict ${id}`} back="/verdicts" list="All verdicts" />;
  }
  const row = page.data?.row;
  return (
    <Page
      title={row ? `${row.route}: ${row.candidate}` : 'Verdict'}
      above={ABOVE}
      busy={page.data === null && !page.error}
      at={page.data && page.at}
      badges={
        row && (
          <>
            <OutcomeBadge outcome={row.outcome} />
            <ActionBadge action={row.action} />
            {row.simulated && <Simulated />}
            {row.expired && <Badge tone="warn">expired</Badge>}
          </>
        )
      }
    >
      {page.error && <Failure message={page.error} stale={page.data !== null} retry={page.reload} />}
      {page.data === null && !page.error && <Skeleton />}
      {page.data && <Whole view={page.data} />}
    </Page>
  );
}

function Whole({ view }: { view: VerdictView }) {
  const { row, verdict } = view;
  const money = verdict.economics;
  return (
    <>
      <section className="card sentence" aria-label="The verdict in a sentence">
        <p className="said">{row.sentence}</p>
        {row.difference !== null && (
          <Interval difference={row.difference} lower={row.lower} upper={row.upper} margin={row.margin} large />
        )}
        <p className="summary">
          {interval(view)} {row.margin !== null && `Left of the dashed line, more than ${pp(row.margin)} worse, is not good enough.`}
        </p>
      </section>
      <Figures label="Key figures">
        <Figure name="Incumbent right" value={percent(verdict.incumbent.accuracy)}>
          {verdict.incumbent.model}
        </Figure>
        <Figure name="Candidate right" value={percent(verdict.candidate.accuracy)}>
          {verdict.candidate.model}
        </Figure>
        <Figure name="Items" value={count(verdict.data.n)}>
          {verdict.data.missing > 0 ? `${count(verdict.data.missing)} planned ones are missing` : 'none of the planned ones is missing'}
        </Figure>
        {money ? <Saving economics={money} /> : <Figure name="Saving" value="–">what an answer costs is not known</Figure>}
      </Figures>
      <Guards rows={verdict.guards} />
      {verdict.slices.length > 0 && <Slices rows={verdict.slices} />}
      <div className="columns">
        <Why view={view} />
        <Evidence view={view} />
      </div>
      <Chain view={view} />
    </>
  );
}

function interval({ verdict }: VerdictView): string {
  const { quality } = verdict;
  if (!quality.interval) {
    return `A difference of ${points(quality.diff)} points was seen; the data allow no interval.`;
  }
  const level = /^anytime-([\d.]+)/.exec(quality.interval_kind)?.[1];
  if (level !== undefined) {
    return (
      `A difference of ${points(quality.diff)} points was seen. The test may be looked at after every item: with ${level}% confidence, ` +
      `whenever one looks, it is ${points(down(quality.interval.lower))} or more, and with ${level}% it is ${points(up(quality.interval.upper))} or less.`
    );
  }
  return (
    `A difference of ${points(quality.diff)} points was seen; with ${percent(quality.confidence, 0)} confidence it lies between ` +
    `${points(down(quality.interval.lower))} and ${points(up(quality.interval.upper))}.`
  );
}

function Saving({ economics }: { economics: NonNullable<VerdictView['verdict']['economics']> }) {
  const losing = economics.saving_per1k.startsWith('-');
  return (
    <Figure
      name="Saving per 1,000 requests"
      value={money(economics.saving_per1k, economics.currency)}
      tone={losing ? 'bad' : 'good'}
      aside={economics.saving_share === null ? undefined : percent(economics.saving_share, 0)}
    >
      {money(economics.incumbent_per1k, economics.currency)} → {money(economics.candidate_per1k, economics.currency)}
      {economics.extra_failures_per1k_at_most !== null &&
        economics.extra_failures_per1k_at_most > 0 &&
        `; at most ${count(Math.ceil(economics.extra_failures_per1k_at_most))} more wrong answers`}
    </Figure>
  );
}

const GUARD: Record<GuardVerdict, { tone: Tone; text: string }> = {
  PASS: { tone: 'good', text: 'passed' },
  FAIL: { tone: 'bad', text: 'failed' },
  UNDECIDED: { tone: 'warn', text: 'too few data' },
  INFO: { tone: 'plain', text: 'measured' },
};

/** A guard's figures are shares, milliseconds or ratios, by its name. */
function figure(guard: Guard, value: number | null): string {
  if (value === null) {
    return '–';
  }
  if (guard.metric.endsWith('_ms')) {
    return duration(value);
  }
  if (guard.metric.includes('cost')) {
    return value.toFixed(3);
  }
  return percent(value, Math.abs(value) < 0.1 ? 2 : 1);
}

const GUARDS: Column<Guard>[] = [
  { name: 'Guard', cell: (guard) => <code>{guard.metric}</code> },
  { name: 'Result', cell: (guard) => <Badge tone={GUARD[guard.verdict].tone}>{GUARD[guard.verdict].text}</Badge> },
  { name: 'Seen', num: true, cell: (guard) => figure(guard, guard.value) },
  {
    name: 'At most, with 95 %',
    title: 'Upper confidence limit: the guard passes when even this is within the limit',
    num: true,
    cell: (guard) => figure(guard, guard.upper95),
  },
  { name: 'Limit', num: true, cell: (guard) => figure(guard, guard.limit) },
  { name: 'In words', wide: true, cell: (guard) => <span className="reason">{guard.reason}</span> },
];

function Guards({ rows }: { rows: Guard[] }) {
  const demanded = rows.filter((guard) => guard.verdict !== 'INFO');
  const failed = demanded.filter((guard) => guard.verdict !== 'PASS').length;
  const summary =
    demanded.length === 0
      ? 'The suite demands none; what is listed was only measured.'
      : failed === 0
        ? `All ${count(demanded.length)} must hold, each by itself; all do.`
        : `All ${count(demanded.length)} must hold, each by itself; ${count(failed)} ${failed === 1 ? 'does' : 'do'} not.`;
  return (
    <Card title="Guards" summary={summary}>
      {rows.length > 0 && <DataTable label="Guards" columns={GUARDS} rows={rows} keyOf={(guard) => guard.metric} />}
    </Card>
  );
}

/** All intervals of the table on one scale. */
const slices = (reach: number): Column<Slice>[] => [
  {
    name: 'Slice',
    cell: (slice) => (
      <span className="badges">
        {slice.name}
        {slice.critical && <Badge tone="info">critical</Badge>}
        {worse(slice) && <Badge tone="bad">worse</Badge>}
      </span>
    ),
  },
  { name: 'Items', num: true, cell: (slice) => count(slice.n) },
  { name: 'Incumbent', num: true, cell: (slice) => percent(slice.incumbent_accuracy) },
  { name: 'Candidate', num: true, cell: (slice) => percent(slice.candidate_accuracy) },
  {
    name: 'Difference',
    num: true,
    cell: (slice) => (
      <>
        <b>{points(slice.diff)}</b>
        <span className="under">
          {points(down(slice.interval.lower))} … {points(up(slice.interval.upper))}
        </span>
      </>
    ),
  },
  {
    name: 'Drawn',
    wide: true,
    cell: (slice) => <Interval difference={slice.diff} lower={slice.interval.lower} upper={slice.interval.upper} margin={null} reach={reach} />,
  },
];

/** Flagged, or of a verdict from before slices were flagged unasked, worse at 5 % with Holm's correction. */
const worse = (slice: Slice) => slice.flagged || (slice.p_worse_holm ?? 1) <= 0.05;

function Slices({ rows }: { rows: Slice[] }) {
  const flagged = rows.filter(worse).length;
  const reach = Math.max(0.01, ...rows.flatMap((slice) => [Math.abs(slice.interval.lower), Math.abs(slice.interval.upper)])) * 1.05;
  return (
    <Card
      title="Slices"
      summary={
        flagged === 0
          ? 'No kind of request got worse beyond chance, corrected for looking at all of them.'
          : `${count(flagged)} of ${count(rows.length)} got worse beyond chance, corrected for looking at all of them.`
      }
    >
      <DataTable label="Slices" columns={slices(reach)} rows={rows} keyOf={(slice) => slice.name} tall={rows.length > 12} />
    </Card>
  );
}

function Why({ view: { row, verdict } }: { view: VerdictView }) {
  const { design, data, quality, noise_floor: noise, decision } = verdict;
  const even = design.break_even;
  return (
    <Card title="How it was decided" summary={decision.reasons.join('; ') || undefined}>
      <Facts
        facts={[
          ['Margin', `${pp(design.margin)}, ${design.margin_basis}`],
          [
            'From money',
            even && `a wrong answer costs ${exact(even.fail_cost, 'USD')}; break-even at ${pp(even.point)}`,
          ],
          ['Written down', design.preregistered_at && `${when(design.preregistered_at)}${before(design.preregistered_before_data)}`],
          ['Test', `${design.test}, α = ${design.alpha}`],
          ['Interval', quality.interval_kind],
          ['p', quality.p_non_inferior === null ? null : quality.p_non_inferior.toPrecision(2)],
          ['Stopped at', quality.stopped_at === null ? null : `${count(quality.stopped_at)} items: the evidence was enough`],
          [
            'Both right, only one, neither',
            data.both === null
              ? null
              : `${count(data.both)} both, ${count(data.only_candidate ?? 0)} only the candidate, ` +
                `${count(data.only_incumbent ?? 0)} only the incumbent, ${count(data.neither ?? 0)} neither`,
          ],
          ['Candidate unanswered', data.candidate_unanswered > 0 ? `${count(data.candidate_unanswered)}, counted as wrong` : null],
          ['More items', quality.items_needed === null ? null : `about ${count(quality.items_needed)} for an 80 % chance to decide`],
          [
            'Noise floor',
            noise && `the incumbent asked twice differed from itself on ${count(noise.differing)} of ${count(noise.n)} (${percent(noise.share)})`,
          ],
          ['Made', when(row.createdAt)],
          [row.expired ? 'Expired' : 'Expires', `${when(row.expiresAt)}, ${until(row.expiresAt, Date.now())}`],
        ]}
      />
    </Card>
  );
}

const before = (known: boolean | null) =>
  known === null ? '' : known ? ', before the first answer' : ', after some of its answers were given';

const short = (hash: string | null): ReactNode => hash && <code title={hash}>{hash.slice(0, 16)}…</code>;

function Evidence({ view: { verdict, run } }: { view: VerdictView }) {
  const { candidate, incumbent, data, design, suite } = verdict;
  return (
    <Card title="Evidence" summary="What was measured, so that the same words about another build mean nothing.">
      <Facts
        facts={[
          ['Suite', suite.id],
          ['Suite hash', short(suite.sha256)],
          ['Design hash', short(design.sha256)],
          ['Candidate served', candidate.served_models.join(', ')],
          ['Its fingerprint', short(candidate.fingerprint) ?? 'not known: the server does not tell'],
          ['Incumbent served', incumbent.served_models.join(', ')],
          ['Its fingerprint ', short(incumbent.fingerprint)],
          ['Records', data.records && <code>{data.records}</code>],
          ['Records hash', short(data.records_sha256)],
          ['Run', run && <Link to={`/evals/${run}`}>Item by item</Link>],
        ]}
      />
    </Card>
  );
}

const LINK: Record<VerdictView['chain']['link'], { tone: Tone; text: string }> = {
  FIRST: { tone: 'plain', text: 'first of its chain' },
  LINKED: { tone: 'good', text: 'linked to the one before' },
  MISSING: { tone: 'bad', text: 'the one before is not on file' },
};

function Chain({ view }: { view: VerdictView }) {
  const { chain, row, verdict, command } = view;
  const check = useLoad(`check:${row.id}`, (signal) => api.check(row.id, signal), false);
  return (
    <Card
      title="Can I trust this record?"
      summary="It is sealed by a hash over all of it and names the hash of the one before, so that none can be changed or removed unseen."
    >
      <p className="badges trust-line">
        <Badge tone={chain.sealed ? 'good' : 'bad'}>{chain.sealed ? 'seal intact' : 'changed after it was sealed'}</Badge>
        <Badge tone={LINK[chain.link].tone}>{LINK[chain.link].text}</Badge>
        {chain.fault && <Badge tone="bad">opens no gate: {chain.fault}</Badge>}
        {check.data?.holds === true && <Badge tone="good">recomputed: all {count(check.data.checked)} statements hold</Badge>}
        {check.data?.holds === false && <Badge tone="bad">{count(check.data.wrong.length)} statements do not hold</Badge>}
        {check.data?.holds === null && <Badge tone="warn">not recomputed here</Badge>}
        {check.error && <Badge tone="warn">not recomputed here</Badge>}
      </p>
      {(check.error ?? check.data?.reason) && <p className="quiet">{check.error ?? check.data?.reason}</p>}
      {check.data && check.data.wrong.length > 0 && (
        <DataTable
          label="Statements that do not hold"
          rows={check.data.wrong}
          keyOf={(finding) => finding.what}
          columns={[
            { name: 'Statement', cell: (finding) => <code>{finding.what}</code> },
            { name: 'The verdict says', num: true, cell: (finding) => finding.stated },
            { name: 'The records say', num: true, cell: (finding) => finding.computed },
          ]}
        />
      )}
      <Facts
        facts={[
          ['Seal', verdict.sha256 && <code>{verdict.sha256}</code>],
          [
            'Before it',
            chain.previous ? (
              <Link to={`/verdicts/${encodeURIComponent(chain.previous)}`}>{chain.previous}</Link>
            ) : (
              verdict.previous_sha256 && <code>{verdict.previous_sha256}</code>
            ),
          ],
          [
            'After it',
            chain.next.length > 0 &&
              chain.next.map((id) => (
                <Link key={id} to={`/verdicts/${encodeURIComponent(id)}`} className="listed">
                  {id}
                </Link>
              )),
          ],
        ]}
      />
      <h3>Recompute it yourself, by other formulas</h3>
      <Code text={command} />
      <details>
        <summary>The record as it is sealed</summary>
        <pre tabIndex={0}>{JSON.stringify(verdict, null, 2)}</pre>
      </details>
    </Card>
  );
}
