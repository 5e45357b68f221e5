import { count, duration, money, percent, points, words } from '../frame/format';
import { Badge, Simulated } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { AccuracyBar } from '../parts/Interval';
import type { Accuracy, CandidateRow, Figures } from './api';
import { colours } from './words';

/** Each candidate: what is forecast of it and what was measured, how often it won, and what kept it out. */
export function Candidates({ rows, currency }: { rows: CandidateRow[]; currency: string }) {
  const colour = colours(rows.map((row) => row.model));
  const out = rows.filter((row) => row.weighed > 0 && row.chosen === 0).length;
  const columns: Column<CandidateRow>[] = [
    {
      name: 'Model',
      wide: true,
      cell: (row) => (
        <span className="pair">
          <span className="swatched">
            <span className={`swatch series-${colour.get(row.model)}`} />
            <span className="model">{row.model}</span>
          </span>
          <span className="badges">
            {row.baseline && <Badge>baseline</Badge>}
            {row.open && <Badge tone="info">open weights</Badge>}
            {row.role === 'fallback' && <Badge>fall-back only</Badge>}
            {row.role === 'former' && <Badge tone="warn">no longer a candidate</Badge>}
            {row.expected.dominatedBy && (
              <Badge tone="warn" title={`${row.expected.dominatedBy} is as good in cost, latency and accuracy, and better in one`}>
                dominated
              </Badge>
            )}
            {row.swap && <Badge>{words(row.swap.state)}</Badge>}
          </span>
        </span>
      ),
    },
    {
      name: 'Won',
      title: 'Sampled decisions in which it came first; beneath, its share of the newest hundred',
      num: true,
      cell: (row) => (
        <>
          {count(row.chosen)}
          <span className="under">{percent(row.shareNow, 0)} now</span>
        </>
      ),
    },
    {
      name: 'Cost',
      title: 'Of a request: as forecast on all, beneath as measured on its own',
      num: true,
      cell: (row) => <Both of={row} show={(figures) => (figures.cost === null ? null : money(figures.cost, currency))} />,
    },
    {
      name: 'Latency p95',
      title: 'Of whole answers: as forecast, beneath as measured',
      num: true,
      cell: (row) => <Both of={row} show={(figures) => (figures.p95Millis === null ? null : duration(figures.p95Millis))} />,
    },
    {
      name: 'Accuracy',
      title: 'As forecast for every prompt, beneath by the scores of callers and judges of its own answers',
      cell: (row) => <AccuracyCell row={row} />,
    },
    { name: 'What kept it out', wide: true, cell: (row) => <Reasons row={row} /> },
  ];
  return (
    <Card
      title="Candidates"
      summary={`${count(rows.length - out)} of ${count(rows.length)} won at least one decision${out > 0 ? `; ${count(out)} never did` : ''}.`}
    >
      <DataTable label="Candidates" columns={columns} rows={rows} keyOf={(row) => row.model} className="top" />
    </Card>
  );
}

function Both({ of, show }: { of: CandidateRow; show: (figures: Figures) => string | null }) {
  const measured = show(of.measured);
  return (
    <>
      {show(of.expected) ?? 'unknown'}
      {measured && <span className="under">was {measured}</span>}
    </>
  );
}

function AccuracyCell({ row }: { row: CandidateRow }) {
  const told = row.expected.accuracy ?? row.measured.accuracy;
  if (told === null) {
    return row.evidence ? <Verdict evidence={row.evidence} /> : <span className="quiet">unknown</span>;
  }
  return (
    <span className="accuracy-cell">
      {percent(told.value)}
      <AccuracyBar value={told.value} lower={told.low} upper={told.high} />
      <span className="under">{beneath(row.expected.accuracy, row.measured.accuracy)}</span>
      {row.evidence && (
        <span className="under">
          <Verdict evidence={row.evidence} />
        </span>
      )}
    </span>
  );
}

function beneath(expected: Accuracy | null, measured: Accuracy | null): string {
  const scored = measured === null ? 'no scores' : `was ${percent(measured.value)} of ${count(measured.labels)} scored`;
  return expected === null ? `${scored}; nothing learnt` : `${scored}; learnt from ${count(expected.labels)}`;
}

function Verdict({ evidence }: { evidence: NonNullable<CandidateRow['evidence']> }) {
  return (
    <span className="under">
      {words(evidence.outcome)} ({points(evidence.difference)} pp){evidence.simulated && <Simulated />}
    </span>
  );
}

function Reasons({ row }: { row: CandidateRow }) {
  if (row.weighed === 0) {
    return <span className="quiet">not weighed in the sample</span>;
  }
  if (row.reasons.length === 0) {
    return <span className="quiet">nothing: it was free to win each time</span>;
  }
  return (
    <span className="reasons">
      {row.reasons.slice(0, 3).map((reason) => (
        <span className="reason-row" key={reason.text}>
          <span className="bar" aria-hidden="true">
            <span style={{ width: `${(100 * reason.requests) / row.weighed}%` }} />
          </span>
          <span>
            <b>{percent(reason.requests / row.weighed, 0)}</b> {reason.text}
          </span>
        </span>
      ))}
      {row.reasons.length > 3 && <span className="under">and {row.reasons.length - 3} more kinds of reasons</span>}
    </span>
  );
}
