import { count, percent } from '../frame/format';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import type { JudgeNote, Summary } from './api';

const number = (value: number | null | undefined) => (value === null || value === undefined ? '–' : value.toFixed(2));

const COLUMNS: Column<JudgeNote>[] = [
  {
    name: 'Judge',
    wide: true,
    cell: (judge) => (
      <span className="pair">
        <span className="model">{judge.model}</span>
        <span className="pair-models">in {judge.grader}</span>
      </span>
    ),
  },
  {
    name: 'May decide a swap',
    wide: true,
    cell: (judge) =>
      judge.problems.length === 0 ? <Badge tone="good">yes</Badge> : <Badge tone="warn">no, its word is only shown</Badge>,
  },
  { name: 'Labels', num: true, title: 'People’s labels that it was held against', cell: (judge) => (judge.calibration ? count(judge.calibration.n) : '–') },
  { name: 'Agrees', num: true, cell: (judge) => percent(judge.calibration?.agreement ?? null) },
  { name: 'κ', num: true, title: 'Cohen’s kappa; it takes 0.60', cell: (judge) => number(judge.calibration?.kappa) },
  { name: 'κ at least', num: true, title: 'Lower 95 % bound; it takes 0.40', cell: (judge) => number(judge.calibration?.kappaLower) },
  { name: 'AC1', num: true, title: 'Gwet’s AC1', cell: (judge) => number(judge.calibration?.ac1) },
  { name: 'Finds good', num: true, cell: (judge) => percent(judge.calibration?.truePositives ?? null) },
  { name: 'Finds bad', num: true, cell: (judge) => percent(judge.calibration?.trueNegatives ?? null) },
  {
    name: 'Both orders alike',
    num: true,
    title: 'Share of pairs judged alike in both orders; it takes 80 %',
    cell: (judge) => percent(judge.calibration?.order?.consistent ?? null),
  },
  {
    name: 'Picks first',
    num: true,
    title: 'How often the answer shown first was picked; 50 % without bias',
    cell: (judge) => percent(judge.calibration?.order?.firstPositionRate ?? null),
  },
];

/** How the judges of a run have proved themselves against people, and how they leaned in it. */
export function Judges({ run }: { run: Summary }) {
  const { judges, models } = run.header;
  const problems = [...new Set([...judges.flatMap((judge) => judge.problems), ...run.header.gateProblems])];
  return (
    <Card
      title="Judges"
      summary={
        problems.length === 0
          ? 'Each judge was held against people’s labels, and agreed well enough.'
          : 'A judge that has not proved itself against people’s labels opens no gate.'
      }
    >
      <DataTable label="Judges" columns={COLUMNS} rows={judges} keyOf={(judge) => `${judge.grader} ${judge.model}`} />
      {problems.length > 0 && (
        <ul className="problems">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {run.figures.judges.some((bias) => bias.pairs > 0 || bias.unreadable > 0) && (
        <p className="quiet">
          In this run:{' '}
          {run.figures.judges
            .map(
              (bias, i) =>
                `${models[i]?.model ?? ''}: ${bias.pairs > 0 ? `${percent(bias.consistent)} of ${count(bias.pairs)} pairs judged alike in both orders, the first answer won ${percent(bias.firstPositionRate)}, ` : ''}${count(bias.unreadable)} replies without a score`,
            )
            .join('; ')}
          .
        </p>
      )}
    </Card>
  );
}
