import { useState } from 'react';
import { count, exact, money, percent, short, when, words } from '../frame/format';
import { Link } from '../frame/router';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { DataTable } from '../parts/DataTable';
import { Figure, Figures } from '../parts/Figure';
import { CallTable } from './CallTable';
import { type DayCheck, type Quality, checkDay } from './calls';
import { MoneyPage } from './MoneyPage';

/** Can I trust this? What the figures of a period rest on. */
export function QualityPage() {
  return (
    <MoneyPage<Quality>
      title="Data quality"
      lead="Can I trust this? What is estimated, unpriced or odd, and a proof of any day."
      path="/api/money/quality"
      compares={false}
    >
      {(data) => (
        <>
          <Tiles data={data} />
          <Models data={data} />
          <div className="halves">
            <Doubts data={data} />
            <Open data={data} />
          </div>
          <Chain data={data} />
          <Card title="Newest doubtful calls" summary="Estimated, unpriced, with counts that contradict themselves, or with an end before their start.">
            {data.latest.length === 0 ? (
              <p className="quiet">None in this period.</p>
            ) : (
              <CallTable label="Newest doubtful calls" rows={data.latest} currency={data.frame.currency} />
            )}
          </Card>
        </>
      )}
    </MoneyPage>
  );
}

function Tiles({ data: { counts, frame } }: { data: Quality }) {
  const odd = counts.inconsistent + counts.skewed;
  return (
    <Figures label="How far the figures can be relied on">
      <Figure name="Estimated" id="estimated-share" value={percent(counts.estimatedShare)} tone={(counts.estimatedShare ?? 0) > 0.03 ? 'bad' : undefined}>
        {exact(counts.estimatedCost, frame.currency)} of {count(counts.estimated)} calls
      </Figure>
      <Figure name="Unpriced calls" id="unpriced" value={short(counts.unpriced)} tone={counts.unpriced > 0 ? 'bad' : 'good'}>
        of {count(counts.calls)}; they are in no sum
      </Figure>
      <Figure name="Usage missing" id="missing" value={short(counts.missing)}>
        No counts from the vendor: ours stand in
      </Figure>
      <Figure name="Odd rows" id="odd" value={short(odd)} tone={odd > 0 ? 'bad' : 'good'}>
        {count(counts.inconsistent)} contradict themselves, {count(counts.skewed)} end before they begin, {count(counts.expired)} expired
      </Figure>
    </Figures>
  );
}

function Models({ data }: { data: Quality }) {
  const { currency } = data.frame;
  return (
    <Card title="By model" summary="Unpriced first: each needs a price in the price book, and the calls an adjustment.">
      {data.models.length === 0 ? (
        <p className="quiet">Every call of this period rests on the vendor’s own counts and a known price.</p>
      ) : (
        <DataTable
          label="Doubtful calls by model"
          tall
          rows={data.models}
          keyOf={(row) => row.model}
          columns={[
            { name: 'Model', cell: (row) => <Link to={`/requests?model=${encodeURIComponent(row.model)}`}>{row.model}</Link> },
            { name: 'Calls', num: true, cell: (row) => count(row.calls) },
            {
              name: 'Unpriced',
              num: true,
              cell: (row) => (row.unpriced > 0 ? <Badge tone="bad">{count(row.unpriced)}</Badge> : '0'),
              exact: (row) => (row.unpriced > 0 ? `up to ${count(row.unpricedTokens)} tokens` : undefined),
            },
            { name: 'Estimated', num: true, cell: (row) => count(row.estimated) },
            {
              name: 'Estimated cost',
              num: true,
              cell: (row) => money(row.estimatedCost, currency),
              exact: (row) => exact(row.estimatedCost, currency),
            },
            { name: 'Expired', num: true, cell: (row) => count(row.expired) },
          ]}
        />
      )}
    </Card>
  );
}

function Doubts({ data }: { data: Quality }) {
  return (
    <Card title="Why, by vendor">
      {data.doubts.length === 0 ? (
        <p className="quiet">Nothing doubtful.</p>
      ) : (
        <DataTable
          label="Why calls are doubtful"
          tall
          rows={data.doubts}
          keyOf={(row) => `${row.vendor} ${row.why}`}
          columns={[
            { name: 'Vendor', cell: (row) => row.vendor },
            { name: 'Why', cell: (row) => words(row.why) },
            { name: 'Calls', num: true, cell: (row) => count(row.calls) },
          ]}
        />
      )}
    </Card>
  );
}

function Open({ data: { open, normalisers } }: { data: Quality }) {
  return (
    <Card
      title="Under way now"
      summary={
        open.open === 0
          ? 'No call is open.'
          : `${count(open.open)} calls are open, ${count(open.overdue)} beyond their deadline; the oldest began ${open.oldest ? when(open.oldest) : 'just now'}.`
      }
    >
      <DataTable
        label="Versions of the code that reads vendors’ counts"
        rows={normalisers}
        keyOf={(row) => String(row.version)}
        columns={[
          { name: 'Counts read by', cell: (row) => (row.version === null ? 'Nothing to read' : `Normaliser ${row.version}`) },
          { name: 'Of the newest calls', num: true, cell: (row) => count(row.calls) },
        ]}
      />
    </Card>
  );
}

type Proof = { state: 'running' } | { state: 'failed'; message: string } | { state: 'done'; check: DayCheck };

function Chain({ data }: { data: Quality }) {
  const [proofs, setProofs] = useState<Record<string, Proof>>({});
  const running = Object.values(proofs).some((one) => one.state === 'running');
  const prove = (day: string) => {
    const tell = (proof: Proof) => setProofs((old) => ({ ...old, [day]: proof }));
    tell({ state: 'running' });
    checkDay(day, new AbortController().signal).then(
      (check) => tell({ state: 'done', check }),
      (failure: unknown) => tell({ state: 'failed', message: failure instanceof Error ? failure.message : String(failure) }),
    );
  };
  return (
    <Card
      title="Chain of hashes"
      summary="Everything booked on a day is hashed with all that was booked before. A proof reads every row of the day anew: hashes, sums, lines and prices."
    >
      {data.days.length === 0 ? (
        <p className="quiet">Nothing was booked in this period.</p>
      ) : (
        <DataTable
          label="Days of the chain"
          tall
          rows={data.days}
          keyOf={(row) => `${row.day} ${row.replica}`}
          columns={[
            { name: 'Day (UTC)', cell: (row) => row.day },
            { name: 'Gateway', cell: (row) => row.replica },
            { name: 'Entries', num: true, cell: (row) => count(row.entries) },
            { name: 'Last hash', cell: (row) => <code title={row.head}>{row.head.slice(0, 16)}…</code> },
            {
              name: 'Proof',
              cell: (row) => (
                <Outcome proof={proofs[row.day]} disabled={running} prove={() => prove(row.day)} day={row.day} />
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}

function Outcome({ proof, disabled, prove, day }: { proof: Proof | undefined; disabled: boolean; prove: () => void; day: string }) {
  if (proof === undefined || proof.state === 'failed') {
    return (
      <>
        <button type="button" className="button small" disabled={disabled} onClick={prove} aria-label={`Prove ${day}`}>
          Prove
        </button>
        {proof && <span role="alert"> {proof.message}</span>}
      </>
    );
  }
  if (proof.state === 'running') {
    return <span role="status">Reading every row…</span>;
  }
  const { check } = proof;
  return (
    <span role="status" title={check.problems.join('\n')}>
      <Badge tone={check.problems.length === 0 ? 'good' : 'bad'}>
        {check.problems.length === 0 ? 'holds' : `${check.problems.length} problems`}
      </Badge>{' '}
      {check.problems[0] ?? `${count(check.attempts)} calls, ${count(check.chargeLines)} lines`}
    </span>
  );
}
