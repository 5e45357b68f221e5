import { count, duration, exact, money, when, words } from '../frame/format';
import { Page } from '../frame/Page';
import { useLoad } from '../frame/useLoad';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { DataTable } from '../parts/DataTable';
import { Facts } from '../parts/Facts';
import { Failure, NotFound, Skeleton } from '../parts/States';
import { Cost, State, roleName } from './CallTable';
import { type Call, type CallDetail, type Line, oneRequest } from './calls';

/** One request: its calls on one line of time, and the bill of each. */
export function RequestPage({ id }: { id: string }) {
  const page = useLoad(`request ${id}`, (signal) => oneRequest(id, signal), false);
  const data = page.data;
  if (page.missing) {
    return <NotFound what="There is no such request in the books." back="/requests" list="All requests" />;
  }
  const currency = data?.currency ?? 'USD';
  return (
    <Page
      title="Request"
      above={[{ to: '/requests', name: 'Requests' }]}
      lead={data ? `${data.route}, asked for ${data.requestedModel} on ${when(data.receivedAt)}.` : undefined}
      busy={data === null && !page.error}
      foot="Quantity times unit price is cost, to the last of 12 decimals. No content is ever stored."
    >
      {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
      {data === null && !page.error && <Skeleton />}
      {data && (
        <>
          <Whole data={data} currency={currency} />
          {data.calls.map((call) => (
            <Bill key={call.row.attemptId} call={call} currency={call.row.currency ?? currency} />
          ))}
        </>
      )}
    </Page>
  );
}

function Whole({ data, currency }: { data: CallDetail; currency: string }) {
  const n = data.calls.length;
  return (
    <Card title={`${n === 1 ? 'One call' : `${n} calls`}, ${data.cost === null ? 'cost unknown' : money(data.cost, currency)}`}>
      <Facts
        facts={[
          ['Request', <code key="id">{data.requestId}</code>],
          ['Tenant', data.tenant],
          ['Tags', Object.entries(data.tags).map(([key, value]) => `${key} ${value}`).join(', ')],
          ['Cost', data.cost === null ? null : exact(data.cost, currency)],
          ['Baseline', data.baseline === null ? null : exact(data.baseline, currency)],
        ]}
      />
      <Timeline calls={data.calls} />
    </Card>
  );
}

/** Each call as a bar from its start to its end; the part until the first byte is lighter. */
function Timeline({ calls }: { calls: Call[] }) {
  const end = Math.max(1, ...calls.map((call) => call.afterMillis + (call.row.latencyMillis ?? 0)));
  return (
    <ol className="timeline" aria-label="Calls in the order of time">
      {calls.map((call) => {
        const took = call.row.latencyMillis ?? 0;
        const first = Math.min(call.firstByteMillis ?? took, took);
        const at = (millis: number) => (millis / end) * 100;
        return (
          <li key={call.row.attemptId}>
            <span className="timeline-name">
              <b>{call.row.attemptNo}</b> {roleName(call.row.role)}, <span className="model">{call.row.model}</span>
            </span>
            <svg className={`timeline-bar ${call.row.state.toLowerCase()}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect className="timeline-ground" x="0" y="3.5" width="100" height="1" />
              <rect className="timeline-wait" x={at(call.afterMillis)} y="1" width={Math.max(0.4, at(first))} height="6" />
              <rect className="timeline-flow" x={at(call.afterMillis + first)} y="1" width={at(took - first)} height="6" />
            </svg>
            <span className="timeline-time">
              {call.afterMillis > 0 && `after ${duration(call.afterMillis)}, `}
              {call.firstByteMillis !== null && `first byte ${duration(call.firstByteMillis)}, `}
              {duration(call.row.latencyMillis)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Bill({ call, currency }: { call: Call; currency: string }) {
  const { row } = call;
  return (
    <Card
      title={`${row.attemptNo}. ${roleName(row.role)}: ${row.model}`}
      summary={
        <>
          <State row={row} /> <Cost row={row} currency={currency} />
          {call.inconsistent && <Badge tone="bad">counts contradict themselves</Badge>}
        </>
      }
    >
      <Facts facts={facts(call, currency)} />
      {call.lines.length > 0 && <Lines label="Charged" lines={call.lines} total={row.cost} currency={currency} />}
      {call.baselineLines.length > 0 && (
        <>
          <h3>What the baseline would have charged</h3>
          <Lines label="Baseline" lines={call.baselineLines} total={row.baseline} currency={currency} />
        </>
      )}
      {call.adjustments.length > 0 && (
        <>
          <h3>Adjustments</h3>
          <DataTable
            label="Adjustments"
            rows={call.adjustments}
            keyOf={(one) => one.id}
            columns={[
              { name: 'Booked', cell: (one) => when(one.bookedAt) },
              { name: 'Kind', cell: (one) => words(one.kind) },
              { name: 'Reason', wide: true, cell: (one) => one.reason },
              { name: 'By', cell: (one) => one.enteredBy },
              { name: 'Amount', num: true, cell: (one) => exact(one.amount, one.currency) },
            ]}
          />
        </>
      )}
      {call.usageRaw && (
        <details>
          <summary>Usage as the vendor told it</summary>
          <pre tabIndex={0}>{pretty(call.usageRaw)}</pre>
        </details>
      )}
    </Card>
  );
}

function facts(call: Call, currency: string): [string, string | null][] {
  const { row } = call;
  const amount = (value: string | null) => (value === null ? null : exact(value, currency));
  const tokens = [
    `${count(row.inputTokens)} in`,
    call.cacheReadTokens > 0 && `${count(call.cacheReadTokens)} of them from a cache`,
    call.cacheWriteTokens > 0 && `${count(call.cacheWriteTokens)} written to one`,
    `${count(row.outputTokens)} out`,
    call.reasoningTokens > 0 && `${count(call.reasoningTokens)} of them reasoning`,
  ];
  return [
    ['Tokens', tokens.filter(Boolean).join(', ')],
    ['Usage', row.usageSource === null ? null : words(row.usageSource)],
    ['Cost rests on', words(row.costSource)],
    ['List cost', call.list !== row.cost ? amount(call.list) : null],
    ['Vendor’s own word', call.reported === null ? null : exact(call.reported, call.reportedCurrency ?? currency)],
    ['Reserved', amount(call.reserved)],
    ['Price', call.priceVersion],
    ['Baseline price', call.baselineVersion],
    ['Served', [call.servedModel, call.tier && `${call.tier} tier`, call.region].filter(Boolean).join(', ')],
    ['Ended', [call.finishReason && words(call.finishReason), row.httpStatus && `HTTP ${row.httpStatus}`, row.errorCode && words(row.errorCode)].filter(Boolean).join(', ')],
    ['Counts read by', call.normaliser === null ? null : `normaliser ${call.normaliser}`],
    ['Written by', call.replica],
    ['Call', row.attemptId],
  ];
}

function Lines({ label, lines, total, currency }: { label: string; lines: Line[]; total: string | null; currency: string }) {
  return (
    <DataTable
      label={label}
      rows={lines.map((line, i) => ({ ...line, id: `${i} ${line.bucket}` }))}
      keyOf={(line) => line.id}
      columns={[
        { name: 'Bucket', cell: (line) => words(line.bucket) },
        { name: 'Quantity', num: true, cell: (line) => quantity(line.quantity) },
        { name: 'Unit price', num: true, cell: (line) => (line.unitPrice === null ? '–' : `${line.unitPrice} per ${quantity(line.per ?? '1')}`) },
        { name: 'Price version', wide: true, cell: (line) => line.priceVersion ?? '–' },
        { name: 'Cost', num: true, cell: (line) => (line.cost === null ? 'unpriced' : exact(line.cost, currency)) },
      ]}
      total={['Sum', '', '', '', total === null ? 'unpriced' : exact(total, currency)]}
    />
  );
}

const quantity = (text: string) => (/^\d{1,15}$/.test(text) ? count(Number(text)) : text);

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
