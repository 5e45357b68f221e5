import { useEffect, useState } from 'react';
import * as api from './api';
import type { Period } from './api';
import { ago } from './format';
import { Decisions } from './Decisions';
import { Empty, Failure, Skeleton } from './States';
import { Figures } from './Figures';
import { Models } from './Models';
import { SpendChart } from './SpendChart';
import { TrustStrip } from './TrustStrip';
import { Verdicts } from './Verdicts';
import { useLoad } from './useLoad';

const PERIODS: { id: Period; label: string; name: string }[] = [
  { id: '24h', label: '24 h', name: 'Last 24 hours' },
  { id: '7d', label: '7 d', name: 'Last 7 days' },
  { id: '30d', label: '30 d', name: 'Last 30 days' },
];

/** The period lives in the URL, so that a link shows its reader the same page. */
function usePeriod(): [Period, (period: Period) => void] {
  const read = () => {
    const asked = new URLSearchParams(location.search).get('period');
    return PERIODS.find((period) => period.id === asked)?.id ?? '24h';
  };
  const [period, setPeriod] = useState<Period>(read);
  useEffect(() => {
    const back = () => setPeriod(read());
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const choose = (next: Period) => {
    const url = new URL(location.href);
    url.searchParams.set('period', next);
    history.pushState(null, '', url);
    setPeriod(next);
  };
  return [period, choose];
}

export function App() {
  const [period, choose] = usePeriod();
  const page = useLoad(`overview:${period}`, (signal) => api.overview(period, signal));
  const verdicts = useLoad('verdicts', api.verdicts);
  const data = page.data;
  const everUsed = data !== null && (data.trust.lastWrite !== null || data.decisions.length > 0);

  return (
    <>
      <a className="skip" href="#main">
        Skip to the figures
      </a>
      <header className="top">
        <div className="wrap top-row">
          <div className="brand">
            <Logo />
            <span className="brand-name">Pareto</span>
            <span className="brand-page">Overview</span>
          </div>
          <fieldset className="periods">
            <legend className="hidden">Period</legend>
            {PERIODS.map((one) => (
              <label key={one.id} title={one.name}>
                <input
                  type="radio"
                  name="period"
                  value={one.id}
                  checked={one.id === period}
                  onChange={() => choose(one.id)}
                />
                <span>{one.label}</span>
              </label>
            ))}
          </fieldset>
        </div>
        {data && everUsed && (
          <div className="wrap">
            <TrustStrip trust={data.trust} currency={data.currency} />
          </div>
        )}
      </header>
      <main id="main" className="wrap" aria-busy={data === null}>
        <h1 className="hidden">Overview, {PERIODS.find((one) => one.id === period)?.name.toLowerCase()}</h1>
        {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
        {data === null && !page.error && <Skeleton />}
        {data && !everUsed && <Empty />}
        {data && everUsed && (
          <>
            <Figures figures={data.figures} currency={data.currency} />
            <SpendChart series={data.series} currency={data.currency} summary={data.summary} />
            <Models rows={data.models} figures={data.figures} currency={data.currency} />
            <Verdicts rows={verdicts.data?.routes ?? []} error={verdicts.error} now={Date.parse(data.generatedAt)} />
            <Decisions rows={data.decisions} currency={data.currency} />
          </>
        )}
      </main>
      <footer className="wrap foot">
        <span>Times are yours; days and hours are cut in UTC. Amounts are exact to 12 decimals.</span>
        {data && <Updated at={page.at} />}
      </footer>
    </>
  );
}

function Updated({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return <span>Updated {ago(new Date(at).toISOString(), Math.max(now, at))}</span>;
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect className="logo-ground" width="32" height="32" rx="8" />
      <path className="logo-line" d="M8 7c0 10.5 6 16.5 16.5 17" />
      <circle className="logo-dot" cx="9.3" cy="13.6" r="2.7" />
      <circle className="logo-dot" cx="15.6" cy="21" r="2.7" />
    </svg>
  );
}
