import { type ReactNode, Suspense, lazy } from 'react';
import { match, usePlace } from './frame/router';
import { type Entry, Shell } from './frame/Shell';
import { Overview } from './finance/Overview';
import { NotFound, Skeleton } from './parts/States';

// The pages beside the first are loaded when they are asked for.
const Changes = lazy(() => import('./finance/Changes').then((page) => ({ default: page.Changes })));
const Chargeback = lazy(() => import('./finance/Chargeback').then((page) => ({ default: page.Chargeback })));
const Statement = lazy(() => import('./finance/Statement').then((page) => ({ default: page.Statement })));
const Units = lazy(() => import('./finance/Units').then((page) => ({ default: page.Units })));
const Evals = lazy(() => import('./evals/Evals').then((page) => ({ default: page.Evals })));
const EvalRun = lazy(() => import('./evals/EvalRun').then((page) => ({ default: page.EvalRun })));
const Verdicts = lazy(() => import('./verdicts/Verdicts').then((page) => ({ default: page.Verdicts })));
const Verdict = lazy(() => import('./verdicts/Verdict').then((page) => ({ default: page.Verdict })));
const Swaps = lazy(() => import('./swaps/Swaps').then((page) => ({ default: page.Swaps })));
const SwapPage = lazy(() => import('./swaps/SwapPage').then((page) => ({ default: page.SwapPage })));
const Routing = lazy(() => import('./routing/Routing').then((page) => ({ default: page.Routing })));
const RoutePage = lazy(() => import('./routing/RoutePage').then((page) => ({ default: page.RoutePage })));
const Experiments = lazy(() => import('./experiments/Experiments').then((page) => ({ default: page.Experiments })));
const OpenedExperiment = lazy(() =>
  import('./experiments/OpenedExperiment').then((page) => ({ default: page.OpenedExperiment })),
);
const Forecast = lazy(() => import('./finance/Forecast').then((page) => ({ default: page.Forecast })));
const Savings = lazy(() => import('./finance/Savings').then((page) => ({ default: page.Savings })));
const Anomalies = lazy(() => import('./finance/Anomalies').then((page) => ({ default: page.Anomalies })));
const ModelPrices = lazy(() => import('./finance/models/ModelPrices').then((page) => ({ default: page.ModelPrices })));
const Caches = lazy(() => import('./finance/models/Caches').then((page) => ({ default: page.Caches })));
const Capacity = lazy(() => import('./finance/models/Capacity').then((page) => ({ default: page.Capacity })));
const Budgets = lazy(() => import('./finance/Budgets').then((page) => ({ default: page.Budgets })));
const BudgetPage = lazy(() => import('./finance/BudgetPage').then((page) => ({ default: page.BudgetPage })));
const Requests = lazy(() => import('./finance/Requests').then((page) => ({ default: page.Requests })));
const RequestPage = lazy(() => import('./finance/RequestPage').then((page) => ({ default: page.RequestPage })));
const QualityPage = lazy(() => import('./finance/QualityPage').then((page) => ({ default: page.QualityPage })));
const Reconciliation = lazy(() => import('./finance/books/Reconciliation').then((page) => ({ default: page.Reconciliation })));
const MonthClose = lazy(() => import('./finance/books/MonthClose').then((page) => ({ default: page.MonthClose })));
const PriceBook = lazy(() => import('./finance/books/PriceBook').then((page) => ({ default: page.PriceBook })));
const Reports = lazy(() => import('./finance/books/Reports').then((page) => ({ default: page.Reports })));

const Admin = lazy(() => import('./admin/Admin').then((page) => ({ default: page.Admin })));

/** Every address of these pages; the server knows their first words (`Pages.java`). A page about one thing has that thing as its key. */
const PAGES: { path: string; show: (given: Record<string, string>, query: URLSearchParams) => ReactNode }[] = [
  { path: '/', show: () => <Overview /> },
  { path: '/routing', show: () => <Routing /> },
  { path: '/routing/:route', show: ({ route = '' }) => <RoutePage key={route} route={route} /> },
  { path: '/changes', show: () => <Changes /> },
  { path: '/chargeback', show: () => <Chargeback /> },
  { path: '/chargeback/statement', show: () => <Statement /> },
  { path: '/units', show: () => <Units /> },
  { path: '/forecast', show: () => <Forecast /> },
  { path: '/savings', show: () => <Savings /> },
  { path: '/anomalies', show: () => <Anomalies /> },
  { path: '/models', show: () => <ModelPrices /> },
  { path: '/cache', show: () => <Caches /> },
  { path: '/capacity', show: () => <Capacity /> },
  { path: '/budgets', show: () => <Budgets /> },
  { path: '/budgets/:name', show: ({ name = '' }) => <BudgetPage key={name} name={name} /> },
  { path: '/requests', show: () => <Requests /> },
  { path: '/requests/:id', show: ({ id = '' }) => <RequestPage key={id} id={id} /> },
  { path: '/quality', show: () => <QualityPage /> },
  { path: '/reconciliation', show: () => <Reconciliation /> },
  { path: '/month-close', show: () => <MonthClose /> },
  { path: '/reports', show: () => <Reports /> },
  { path: '/admin', show: () => <Admin /> },
  { path: '/price-book', show: () => <PriceBook /> },
  { path: '/evals', show: () => <Evals /> },
  { path: '/evals/:id', show: ({ id = '' }) => <EvalRun key={id} id={id} /> },
  { path: '/verdicts', show: () => <Verdicts /> },
  { path: '/verdicts/:id', show: ({ id = '' }) => <Verdict key={id} id={id} /> },
  { path: '/swaps', show: () => <Swaps /> },
  {
    path: '/swaps/:route',
    show: ({ route = '' }, query) => {
      const which = { route, candidate: query.get('candidate') ?? '', segment: query.get('segment') ?? '' };
      return <SwapPage key={Object.values(which).join(' ')} {...which} />;
    },
  },
  { path: '/experiments', show: () => <Experiments /> },
  { path: '/experiments/:name', show: ({ name = '' }) => <OpenedExperiment key={name} name={name} /> },
];

const GROUPS: { name: string; entries: Entry[] }[] = [
  {
    name: 'Money',
    entries: [
      { to: '/', name: 'Overview' },
      { to: '/changes', name: 'Why did it change?' },
      { to: '/chargeback', name: 'Chargeback' },
      { to: '/units', name: 'Unit economics' },
      { to: '/forecast', name: 'Forecast' },
      { to: '/savings', name: 'Savings' },
      { to: '/anomalies', name: 'Anomalies' },
      { to: '/models', name: 'Models and prices' },
      { to: '/cache', name: 'Caches' },
      { to: '/capacity', name: 'Capacity' },
      { to: '/budgets', name: 'Budgets' },
    ],
  },
  {
    name: 'Books',
    entries: [
      { to: '/requests', name: 'Requests' },
      { to: '/quality', name: 'Data quality' },
      { to: '/price-book', name: 'Price book' },
      { to: '/reconciliation', name: 'Reconciliation' },
      { to: '/month-close', name: 'Month close' },
      { to: '/reports', name: 'Reports' },
    ],
  },
  {
    name: 'Models',
    entries: [
      { to: '/routing', name: 'Routing' },
      { to: '/evals', name: 'Evals' },
      { to: '/verdicts', name: 'Verdicts' },
      { to: '/swaps', name: 'Swaps' },
      { to: '/experiments', name: 'Experiments' },
    ],
  },
  { name: 'Gateway', entries: [{ to: '/admin', name: 'Admin' }] },
];

export function App() {
  const { path, query } = usePlace();
  return (
    <Shell groups={GROUPS}>
      <Suspense fallback={<Skeleton />}>{page(path, query)}</Suspense>
    </Shell>
  );
}

function page(path: string, query: URLSearchParams): ReactNode {
  for (const one of PAGES) {
    const given = match(one.path, path);
    if (given) {
      return one.show(given, query);
    }
  }
  return <NotFound what={`There is no page ${path}`} back="/" list="To the overview" />;
}
