import { count, exact, money, percent, when } from '../frame/format';
import { Card } from '../parts/Card';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { Figure, Figures } from '../parts/Figure';
import { MoneyPage } from './MoneyPage';
import { Link } from '../frame/router';
import { type Asked, useAsked } from './asked';
import type { Modelled, RouteSaving, SavingPart, Savings as Answer } from './outlook';

/** How much did the gateway really save? */
export function Savings() {
  return (
    <MoneyPage<Answer>
      title="Savings"
      lead="How much did the gateway really save? Measured on requests left at random with the baseline, beside what a model says."
      path="/api/money/savings"
      compares={false}
    >
      {(data) => (
        <>
          <Heads data={data} />
          <Bridge modelled={data.modelled} parts={data.parts} currency={data.frame.currency} />
          <Card title="By route" summary="Modelled from all requests; measured where a route has a hold-out.">
            <DataTable
              label="Savings by route"
              columns={columns(data.frame.currency)}
              rows={data.routes}
              keyOf={(row) => row.route}
              total={totals(data)}
            />
          </Card>
          {data.measured === null && (
            <Card title="Nothing is measured yet" summary={`${data.why}.`}>
              <p>
                A hold-out leaves a small share of a route’s users, chosen at random, with its baseline. What they cost, against what comparable
                others cost, is what the gateway saves – whatever a model of it says.
              </p>
              <Code text={'routes:\n  support:\n    candidates: [openai/gpt-4o, local/qwen3-8b]\n    hold-out: 2 %'} />
            </Card>
          )}
        </>
      )}
    </MoneyPage>
  );
}

function Heads({ data }: { data: Answer }) {
  const currency = data.frame.currency;
  const it = data.measured;
  const tone = (amount: string) => (amount.startsWith('-') ? ('bad' as const) : undefined);
  return (
    <Figures label="What was saved">
      <Figure name="Measured" value={it ? money(it.saved, currency) : 'not yet'} id="measured" tone={it ? tone(it.saved) : undefined}>
        {it ? `95 %: ${money(it.lower, currency)} to ${money(it.upper, currency)}, since ${when(it.since)}` : 'No route has a hold-out with enough requests.'}
      </Figure>
      {it && (
        <Figure name="Measured, as a share" value={percent(it.share)} id="measured-share">
          of what the same requests would have cost at the baseline
        </Figure>
      )}
      <Figure name={it ? 'Modelled, same requests' : 'Modelled'} value={money(it ? it.modelled : data.modelled.net, currency)} id="modelled" tone={tone(it ? it.modelled : data.modelled.net)}>
        the same tokens at the baseline’s price, less what was billed and the overhead
      </Figure>
      {it && (
        <Figure name="Held out" value={count(it.heldRequests)} id="held-out">
          requests, beside {count(it.comparedRequests)} compared; the baseline did serve {percent(it.delivered)} of them
          {it.unpriced > 0 && `; ${count(it.unpriced)} without a price left out`}
        </Figure>
      )}
    </Figures>
  );
}

/** From the baseline to what was saved: a table that adds up, with bars. */
const SOURCES: Record<SavingPart['source'], { name: string; to: string }> = {
  GATEWAY_CACHE: { name: 'Answers given again from the gateway’s cache', to: '/cache' },
  OWN_MACHINES: { name: 'Models on machines of the house', to: '/capacity' },
  OTHER_MODELS: { name: 'Other models, vendors’ caches, tiers and contracts', to: '/models' },
};

function Bridge({ modelled, parts, currency }: { modelled: Modelled; parts: SavingPart[]; currency: string }) {
  const asked: Asked = useAsked();
  const steps = [
    { name: 'At the baselines', amount: modelled.baseline, kind: 'whole', to: '', calls: 0 },
    ...parts.map((part) => ({ ...SOURCES[part.source], amount: part.saved, kind: part.saved.startsWith('-') ? 'bad' : 'less', calls: part.calls })),
    { name: 'Billed for the same requests', amount: modelled.billed, kind: 'whole', to: '', calls: 0 },
    { name: 'Overhead: judges, shadows, classifiers, drafts', amount: modelled.overhead, kind: 'less', to: '', calls: 0 },
    { name: 'Modelled saving', amount: modelled.net, kind: modelled.net.startsWith('-') ? 'bad' : 'net', to: '', calls: 0 },
  ];
  const whole = Math.max(...steps.map((step) => Math.abs(Number(step.amount))), 1e-12);
  return (
    <Card
      title="From the baseline to the saving, as modelled"
      summary={`${money(modelled.baseline, currency)} at the baselines, ${money(modelled.billed, currency)} billed and ${money(modelled.overhead, currency)} of overhead leave ${money(modelled.net, currency)}. ${money(modelled.notCompared, currency)} of spend has no baseline and is in none of these. Idle time of own machines is in none, either: it is on the page of capacity.`}
    >
      <dl className="bridge">
        {steps.map((step) => (
          <div key={step.name}>
            <dt title={step.calls > 0 ? `${count(step.calls)} calls` : undefined}>{step.to ? <Link to={asked.link(step.to, { compare: null, group: null })}>{step.name}</Link> : step.name}</dt>
            <dd title={exact(step.amount, currency)}>
              <svg className={`bridge-bar ${step.kind}`} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect x="0" y="0" width={(Math.abs(Number(step.amount)) / whole) * 100} height="10" rx="1" />
              </svg>
              <span className="num">
                {step.kind === 'less' ? '− ' : ''}
                {step.to && step.kind === 'bad' ? `+ ${money(step.amount.slice(1), currency)}` : money(step.amount, currency)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function columns(currency: string): Column<RouteSaving>[] {
  const amount = (name: string, of: (row: RouteSaving) => string): Column<RouteSaving> => ({
    name,
    num: true,
    cell: (row) => money(of(row), currency),
    exact: (row) => exact(of(row), currency),
  });
  return [
    { name: 'Route', cell: (row) => row.route },
    amount('Baseline', (row) => row.modelled.baseline),
    amount('Billed', (row) => row.modelled.billed),
    amount('Overhead', (row) => row.modelled.overhead),
    amount('Modelled', (row) => row.modelled.net),
    { name: 'Measured', num: true, cell: (row) => (row.measured ? money(row.measured.saved, currency) : '–') },
    {
      name: '95 % interval',
      num: true,
      cell: (row) => (row.measured ? `${money(row.measured.lower, currency)} to ${money(row.measured.upper, currency)}` : '–'),
    },
    {
      name: 'A request: held / routed',
      num: true,
      title: 'Mean cost of a request that was held out, and of one beside it',
      cell: (row) => (row.measured ? `${money(row.measured.heldCost, currency)} / ${money(row.measured.comparedCost, currency)}` : '–'),
    },
  ];
}

function totals(data: Answer) {
  const currency = data.frame.currency;
  const sum = data.modelled;
  return [
    'All routes',
    ...[sum.baseline, sum.billed, sum.overhead, sum.net].map((amount) => money(amount, currency)),
    data.measured ? money(data.measured.saved, currency) : '–',
    data.measured ? `${money(data.measured.lower, currency)} to ${money(data.measured.upper, currency)}` : '–',
    '',
  ];
}
