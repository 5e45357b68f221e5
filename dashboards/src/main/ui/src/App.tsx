import { type ReactNode, Suspense, lazy } from 'react';
import { match, usePlace } from './frame/router';
import { type Entry, Shell } from './frame/Shell';
import { Overview } from './overview/Overview';
import { NotFound, Skeleton } from './parts/States';

// The pages beside the first are loaded when they are asked for.
const Evals = lazy(() => import('./evals/Evals').then((page) => ({ default: page.Evals })));
const EvalRun = lazy(() => import('./evals/EvalRun').then((page) => ({ default: page.EvalRun })));
const Verdicts = lazy(() => import('./verdicts/Verdicts').then((page) => ({ default: page.Verdicts })));
const Verdict = lazy(() => import('./verdicts/Verdict').then((page) => ({ default: page.Verdict })));
const Swaps = lazy(() => import('./swaps/Swaps').then((page) => ({ default: page.Swaps })));
const SwapPage = lazy(() => import('./swaps/SwapPage').then((page) => ({ default: page.SwapPage })));
const Experiments = lazy(() => import('./experiments/Experiments').then((page) => ({ default: page.Experiments })));
const OpenedExperiment = lazy(() =>
  import('./experiments/OpenedExperiment').then((page) => ({ default: page.OpenedExperiment })),
);

const Reconciliation = lazy(() => import('./finance/books/Reconciliation').then((page) => ({ default: page.Reconciliation })));
const MonthClose = lazy(() => import('./finance/books/MonthClose').then((page) => ({ default: page.MonthClose })));
const PriceBook = lazy(() => import('./finance/books/PriceBook').then((page) => ({ default: page.PriceBook })));
const Reports = lazy(() => import('./finance/books/Reports').then((page) => ({ default: page.Reports })));

/** Every address of these pages; the server knows their first words (`Pages.java`). A page about one thing has that thing as its key. */
const PAGES: { path: string; show: (given: Record<string, string>, query: URLSearchParams) => ReactNode }[] = [
  { path: '/', show: () => <Overview /> },
  { path: '/reconciliation', show: () => <Reconciliation /> },
  { path: '/month-close', show: () => <MonthClose /> },
  { path: '/reports', show: () => <Reports /> },
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
      { to: '/price-book', name: 'Price book' },
      { to: '/reconciliation', name: 'Reconciliation' },
      { to: '/month-close', name: 'Month close' },
      { to: '/reports', name: 'Reports' },
    ],
  },
  {
    name: 'Models',
    entries: [
      { to: '/evals', name: 'Evals' },
      { to: '/verdicts', name: 'Verdicts' },
      { to: '/swaps', name: 'Swaps' },
      { to: '/experiments', name: 'Experiments' },
    ],
  },
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
