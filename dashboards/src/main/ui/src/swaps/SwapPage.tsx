import { count, date, percent, pp, share, span, time, until, when } from '../frame/format';
import { Page } from '../frame/Page';
import { Link } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Facts } from '../parts/Facts';
import { Failure, NotFound, Skeleton } from '../parts/States';
import { OutcomeBadge } from '../verdicts/words';
import { Actions } from './Actions';
import * as api from './api';
import type { Move, Story, Tally, Which } from './api';
import { Evidence, Guards } from './Evidence';
import { Inputs } from './Inputs';
import { LiveQuality } from './LiveQuality';
import { Ramp } from './Ramp';
import { STATE, StateBadge, datesOf, guardName } from './words';

const ABOVE = [{ to: '/swaps', name: 'Swaps' }];

/** One swap: where it is, what speaks against it, what people may do, how it came here. */
export function SwapPage(which: Which) {
  const page = useLoad(`swap:${which.route}:${which.candidate}:${which.segment}`, (signal) => api.story(which, signal), 3_000);
  if (page.missing) {
    return <NotFound what={page.error ?? 'There is no such swap'} back="/swaps" list="All swaps" />;
  }
  const story = page.data;
  return (
    <Page
      title={which.segment ? `${which.route} / ${which.segment}` : which.route}
      above={ABOVE}
      badges={story && <StateBadge swap={story.swap} />}
      lead={
        story && (
          <>
            {story.incumbent} <span aria-label="replaced by">→</span> {story.swap.candidate}
          </>
        )
      }
      busy={story === null && !page.error}
      at={story && page.at}
      foot={datesOf(story?.speed)}
    >
      {page.error && <Failure message={page.error} stale={story !== null} retry={page.reload} />}
      {story === null && !page.error && <Skeleton />}
      {story && (
        <>
          {story.swap.hold && <Held story={story} />}
          <Ramp story={story} />
          <Evidence story={story} />
          <Guards story={story} />
          <LiveQuality story={story} />
          <Inputs story={story} />
          <div className="columns">
            <Actions story={story} done={page.reload} />
            <Rests story={story} />
          </div>
          <Moves rows={story.moves} />
        </>
      )}
    </Page>
  );
}

function Held({ story: { swap, now } }: { story: Story }) {
  const hold = swap.hold;
  return (
    hold && (
      <section className="card notice" aria-label="Held by a person">
        <b>
          {hold.kind === 'FREEZE' ? 'Frozen' : `Share set to ${share(hold.share)}`} by {hold.by}
        </b>
        <p>
          {hold.reason}. Ends {until(hold.until, Date.parse(now))}, {when(hold.until)}.
        </p>
      </section>
    )
  );
}

function arm(tally: Tally): string {
  const parts = [`${count(tally.requests)} requests`];
  if (tally.units > 0) {
    parts.push(`${count(tally.units)} callers`);
  }
  if (tally.requests > 0) {
    parts.push(`${percent(tally.failed / tally.requests)} failed`);
  }
  return parts.join(', ');
}

function Rests({ story: { swap, verdict, now } }: { story: Story }) {
  return (
    <Card title="What it rests on" summary={verdict?.sentence ?? 'No verdict yet.'}>
      <Facts
        facts={[
          [
            'Verdict',
            verdict && (
              <span className="badges">
                <Link to={`/verdicts/${encodeURIComponent(verdict.id)}`}>of {date(verdict.createdAt)}</Link>
                <OutcomeBadge outcome={verdict.outcome} />
                {verdict.expired && <Badge tone="warn">expired</Badge>}
              </span>
            ),
          ],
          ['Margin', `${pp(swap.margin)}; live pairs take it back at ${pp(swap.exitMargin)}`],
          ['Approval', swap.approval === 'AUTOMATIC' ? 'automatic' : 'a person agrees before shadow and before the first caller'],
          ['Each step', `${span(swap.dwellSeconds)} and ${count(swap.requestsNeeded)} answers at least`],
          ['Holdback', share(swap.holdback)],
          ['Candidate here', arm(swap.candidateSeen)],
          ['Incumbent here', arm(swap.incumbentSeen)],
          ['Callers as shared out', swap.logSampleRatio >= swap.logSampleRatioAlarm ? <Badge tone="bad">mismatch</Badge> : 'as they should be'],
          ['Roll-backs', swap.strikes > 0 ? count(swap.strikes) : 'none'],
          ['Cool-down', swap.notBefore && `no move before ${when(swap.notBefore)}, ${until(swap.notBefore, Date.parse(now))}`],
          ['Never moves', swap.closedSegments.length > 0 && swap.closedSegments.join(', ')],
        ]}
      />
    </Card>
  );
}

const MOVES: Column<Move>[] = [
  { name: 'When', cell: (move) => time(move.at), exact: (move) => move.at },
  {
    name: 'Move',
    wide: true,
    cell: (move) =>
      move.from === move.to ? (
        <Badge tone={STATE[move.to].tone}>{STATE[move.to].text}</Badge>
      ) : (
        <span className="badges">
          <span className="quiet">{STATE[move.from].text} →</span>
          <Badge tone={STATE[move.to].tone}>{STATE[move.to].text}</Badge>
        </span>
      ),
  },
  { name: 'Share', num: true, cell: (move) => share(move.share) },
  { name: 'By', cell: (move) => (move.by === 'policy' ? <span className="quiet">the rules</span> : <b>{move.by}</b>) },
  {
    name: 'Why',
    wide: true,
    cell: (move) => (
      <span className="reason">
        {move.guard && <Badge tone="bad">{guardName(move.guard)}</Badge>} {move.reason}
      </span>
    ),
  },
];

function Moves({ rows }: { rows: Move[] }) {
  const back = rows.filter((move) => move.to === 'ROLLED_BACK' && move.from !== 'ROLLED_BACK').length;
  return (
    <Card
      title="History"
      summary={back === 0 ? 'Every move, newest first. It was never rolled back.' : `Every move, newest first; rolled back ${count(back)} ${back === 1 ? 'time' : 'times'}.`}
    >
      {rows.length === 0 ? (
        <p className="quiet">It has not moved yet.</p>
      ) : (
        <DataTable label="Moves" columns={MOVES} rows={rows} keyOf={(move) => `${move.at} ${move.from} ${move.to} ${move.reason}`} tall={rows.length > 12} />
      )}
    </Card>
  );
}
