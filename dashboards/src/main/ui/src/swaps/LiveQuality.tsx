import { count, percent, points, pp, share, time } from '../frame/format';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Way } from './Alarm';
import type { Feedback, GuardView, Judge, Story } from './api';
import { STATE } from './words';

/** What people and the judge say of live answers of both models. */
export function LiveQuality({ story }: { story: Story }) {
  const { swap, feedback } = story;
  const rows = opinions(story);
  return (
    <Card title="How good live answers are" summary={summary(story, rows)}>
      {rows.length > 0 && <DataTable label="Live quality" columns={OPINIONS} rows={rows} keyOf={(row) => row.source} />}
      {swap.judge && <JudgeState judge={swap.judge} />}
      {feedback.length > 0 && (
        <>
          <h3>What callers said, newest first</h3>
          <DataTable
            label="What callers said"
            columns={FEEDBACK}
            rows={feedback}
            keyOf={(one) => `${one.requestId} ${one.name}`}
            tall={feedback.length > 8}
          />
        </>
      )}
    </Card>
  );
}

/** One source with its word on each model; a pair has a difference where single answers have means. */
interface Opinion {
  source: string;
  detail: string;
  candidate: string;
  incumbent: string;
  difference: number | null;
  tolerated: string;
  logStatistic: number | null;
  logThreshold: number;
}

/** What shadow said last, where the swap has left it; a share that is served begins its counts anew. */
function shadow({ swap, trace }: Story): Opinion | null {
  const point = swap.state === 'SHADOW' ? undefined : trace.findLast((one) => one.state === 'SHADOW' && one.pairs !== null);
  return point?.pairs
    ? {
        source: 'Shadow',
        detail: `until ${time(point.at)}${swap.judge ? `, ${swap.judge.model} on both answers to one request` : ''}`,
        candidate: `${count(point.pairs.count)} pairs`,
        incumbent: '',
        difference: point.pairs.difference,
        tolerated: `${pp(swap.margin)} worse`,
        logStatistic: null,
        logThreshold: 1,
      }
    : null;
}

function opinions(story: Story): Opinion[] {
  const { swap } = story;
  const rows: Opinion[] = [];
  for (const guard of swap.guards) {
    if (guard.seen === 0 && guard.incumbentSeen === 0) {
      continue;
    }
    if (guard.guard === 'feedback') {
      rows.push(single(guard, 'Callers', 'feedback'));
    } else if (guard.guard === 'judged') {
      rows.push(single(guard, 'Judge', swap.judge?.model ?? 'each answer by itself'));
    } else if (guard.guard === 'quality') {
      rows.push(single(guard, 'Graders', 'as the evidence was graded'));
    }
  }
  if (swap.pairs && swap.pairs.pairs > 0) {
    rows.push({
      source: 'Pairs',
      detail: swap.judge ? `${swap.judge.model} on both answers to one request` : 'both models graded on one request',
      candidate: `${count(swap.pairs.pairs)} pairs`,
      incumbent: '',
      difference: swap.pairs.difference,
      tolerated: `${pp(swap.exitMargin)} worse`,
      logStatistic: swap.pairs.logDrift,
      logThreshold: swap.pairs.logThreshold,
    });
  }
  const before = shadow(story);
  return before ? [...rows, before] : rows;
}

function single(guard: GuardView, source: string, detail: string): Opinion {
  const candidate = mean(guard.seen, guard.bad);
  const incumbent = mean(guard.incumbentSeen, guard.incumbentBad);
  return {
    source,
    detail,
    candidate: said(candidate, guard.seen),
    incumbent: said(incumbent, guard.incumbentSeen),
    difference: candidate === null || incumbent === null ? null : candidate - incumbent,
    tolerated: `${percent(1 - guard.atMost)} or more`,
    logStatistic: guard.logStatistic,
    logThreshold: guard.logThreshold,
  };
}

const mean = (seen: number, bad: number) => (seen === 0 ? null : 1 - bad / seen);
const said = (score: number | null, seen: number) => (score === null ? '–' : `${percent(score)} of ${count(seen)}`);

const OPINIONS: Column<Opinion>[] = [
  {
    name: 'Who says it',
    wide: true,
    cell: (row) => (
      <span className="pair">
        <span className="model">{row.source}</span>
        <span className="pair-models">{row.detail}</span>
      </span>
    ),
  },
  { name: 'Candidate', num: true, title: 'Mean score of its live answers, and how many have one', cell: (row) => row.candidate },
  { name: 'Incumbent', num: true, title: 'The same of the incumbent’s own live answers', cell: (row) => row.incumbent || '–' },
  { name: 'Difference', num: true, cell: (row) => (row.difference === null ? '–' : <b>{`${points(row.difference)} pp`}</b>) },
  { name: 'Still good at', num: true, title: 'A candidate that does no worse than this is healthy', cell: (row) => row.tolerated },
  {
    name: 'On the way to an alarm',
    cell: (row) =>
      row.logStatistic === null ? (
        <span className="quiet">–</span>
      ) : (
        <Way guard={percent(Math.max(0, row.logStatistic / row.logThreshold), 0)} way={row.logStatistic / row.logThreshold} />
      ),
  },
];

const FINDS: Record<string, string> = { Callers: 'Callers find', Judge: 'The judge finds', Graders: 'The graders find' };

function summary({ swap, feedback }: Story, rows: Opinion[]): string {
  if (rows.length > 0) {
    const pairs = rows.find((row) => row.source === 'Pairs') ?? rows.find((row) => row.source === 'Shadow');
    const words = rows
      .filter((row) => row.difference !== null && row !== pairs && row.source in FINDS)
      .map((row) => `${FINDS[row.source]} the candidate’s answers ${against(row.difference)}.`);
    if (pairs) {
      words.push(`Side by side on ${pairs.candidate.replace('pairs', swap.state === 'SHADOW' || pairs.source === 'Shadow' ? 'requests in shadow' : 'requests')} the candidate’s answers ${pairs.source === 'Shadow' ? 'were' : 'are'} ${against(pairs.difference)}.`);
    }
    return words.length > 0 ? words.join(' ') : 'A comparison needs scores of both models’ live answers.';
  }
  if (feedback.length > 0) {
    return feedback.some((one) => one.parts.some((part) => part.arm === 'CANDIDATE'))
      ? 'Callers have rated answers; no guard counts a score of the candidate’s present life yet.'
      : 'Callers have rated answers, but none of the candidate’s; a comparison needs scores of both models’ live answers.';
  }
  return swap.judge
    ? 'Neither a caller nor the judge has said anything yet.'
    : 'No caller has said anything yet (POST /pareto/v1/feedback), and no judge is configured.';
}

function against(difference: number | null): string {
  const size = Math.abs(difference ?? 0);
  return size < 0.0005 ? 'as good as the incumbent’s' : `${pp(size)} ${(difference ?? 0) < 0 ? 'worse' : 'better'} than the incumbent’s`;
}

const KIND: Record<string, string> = {
  judge_binary: 'good enough or not',
  judge_score: 'one to five points',
  judge_pairwise: 'which of two is better, in both orders',
};

function JudgeState({ judge }: { judge: Judge }) {
  return (
    <p className="quiet judge-state">
      {judge.problems.length > 0 ? (
        <Badge tone="bad">judge not asked</Badge>
      ) : judge.silence ? (
        <Badge tone="warn">judge had no word</Badge>
      ) : (
        <Badge tone="good">judge in service</Badge>
      )}{' '}
      {judge.model} sees {share(judge.sample)} of the answers ({KIND[judge.kind] ?? judge.kind}
      {judge.perDay && `, at most ${judge.perDay} a day`}).{' '}
      {judge.problems.length > 0 ? `${judge.problems.join('; ')}.` : judge.silence && `The last time: ${judge.silence}.`}
    </p>
  );
}

const FEEDBACK: Column<Feedback>[] = [
  { name: 'When', cell: (one) => time(one.at), exact: (one) => one.at },
  {
    name: 'Score',
    num: true,
    cell: (one) => (one.name === 'score' ? <Badge tone={one.value >= 0.75 ? 'good' : one.value <= 0.25 ? 'bad' : 'plain'}>{percent(one.value, 0)}</Badge> : `${one.name} ${one.value}`),
  },
  {
    name: 'Of',
    cell: (one) => (one.parts[0]?.arm === 'CANDIDATE' ? <b>candidate</b> : <span className="quiet">incumbent</span>),
  },
  { name: 'Then', cell: (one) => (one.parts[0] ? STATE[one.parts[0].state].text : '–') },
  { name: 'Words', wide: true, cell: (one) => (one.comment ? <span className="reason">{one.comment}</span> : <span className="quiet">none kept</span>) },
  { name: 'Request', cell: (one) => <code title={one.requestId}>{one.requestId.slice(-12)}</code> },
];
