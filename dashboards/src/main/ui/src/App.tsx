import { type ReactNode, Suspense } from 'react';
import { match, usePlace } from './frame/router';
import { type Entry, Shell } from './frame/Shell';
import { Experiments } from './experiments/Experiments';
import { OpenedExperiment } from './experiments/OpenedExperiment';
import { Overview } from './overview/Overview';
import { NotFound, Skeleton } from './parts/States';

/** Every address of these pages; the server knows their first words (`Pages.java`). */
const PAGES: { path: string; show: (given: Record<string, string>) => ReactNode }[] = [
  { path: '/', show: () => <Overview /> },
  { path: '/experiments', show: () => <Experiments /> },
  { path: '/experiments/:name', show: ({ name = '' }) => <OpenedExperiment key={name} name={name} /> },
];

const GROUPS: { name: string; entries: Entry[] }[] = [
  { name: 'Money', entries: [{ to: '/', name: 'Overview' }] },
  { name: 'Quality', entries: [{ to: '/experiments', name: 'Experiments' }] },
];

export function App() {
  const { path } = usePlace();
  return (
    <Shell groups={GROUPS}>
      <Suspense fallback={<Skeleton />}>{page(path)}</Suspense>
    </Shell>
  );
}

function page(path: string): ReactNode {
  for (const one of PAGES) {
    const given = match(one.path, path);
    if (given) {
      return one.show(given);
    }
  }
  return <NotFound what={`There is no page ${path}`} back="/" list="To the overview" />;
}
