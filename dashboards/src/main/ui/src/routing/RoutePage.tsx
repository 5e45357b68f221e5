import { count, duration, money, percent, time } from '../frame/format';
import { Page } from '../frame/Page';
import { useChoice } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge } from '../parts/Badge';
import { Figure, Figures } from '../parts/Figure';
import { Segmented } from '../parts/Segmented';
import { Empty, Failure, NotFound, Skeleton } from '../parts/States';
import * as api from './api';
import type { Period } from './api';
import { Candidates } from './Candidates';
import { Opened } from './Opened';
import { Simulator } from './Simulator';
import { Tradeoff } from './Tradeoff';
import { TrafficChart } from './TrafficChart';
import { PERIODS, sentence } from './words';

/** One route: what it is told to do, where its requests go, why, and what would happen under another policy. */
export function RoutePage({ route }: { route: string }) {
  const [period, choose] = useChoice<Period>('period', ['24h', '7d', '30d'], '24h');
  const page = useLoad(`routing:${route}:${period}`, (signal) => api.route(route, period, signal));
  const data = page.data;
  if (page.missing) {
    return <NotFound what={`There is no route ${route}`} back="/routing" list="All routes" />;
  }
  return (
    <Page
      title={route}
      above={[{ to: '/routing', name: 'Routing' }]}
      badges={data?.policy && <Badge>policy {data.policy}</Badge>}
      lead={data && <Said data={data} />}
      busy={data === null && !page.error}
      at={data && page.at}
      actions={<Segmented label="Period" options={PERIODS} value={period} choose={choose} />}
    >
      {page.error && <Failure message={page.error} stale={data !== null} retry={page.reload} />}
      {data === null && !page.error && <Skeleton />}
      {data && data.remarks.length > 0 && (
        <ul className="card remarks" aria-label="What policy check says">
          {data.remarks.map((one) => (
            <li key={one.what}>
              <Badge tone={one.error ? 'bad' : 'warn'}>{one.error ? 'error' : 'warning'}</Badge> {sentence(one.what)}; {one.remedy}.
            </li>
          ))}
        </ul>
      )}
      {data && data.sampled === 0 && (
        <Empty title="Nobody has asked this route in this period" command={call(route)}>
          <p>With the first request its candidates, what they cost and why one of them won will stand here.</p>
        </Empty>
      )}
      {data && data.sampled > 0 && (
        <>
          <Heads data={data} />
          <Tradeoff candidates={data.candidates} sampled={data.sampled} currency={data.currency} />
          <TrafficChart traffic={data.traffic} candidates={data.candidates} />
          <Candidates rows={data.candidates} currency={data.currency} />
          <Opened rows={data.decisions} currency={data.currency} />
          <Simulator data={data} period={period} />
        </>
      )}
    </Page>
  );
}

function Said({ data }: { data: api.RoutePage }) {
  const policy = data.sentences[1];
  return <>{policy ? sentence(policy) : sentence(data.sentences[0] ?? '')}</>;
}

function Heads({ data }: { data: api.RoutePage }) {
  const { all } = data;
  return (
    <Figures label="The route in figures">
      <Figure name="Answered" value={count(data.requests)}>
        {data.sampled < data.requests
          ? `the rest of the page is of the newest ${count(data.sampled)}${data.sampledFrom ? `, since ${time(data.sampledFrom)}` : ''}`
          : 'all of them are in the figures below'}
      </Figure>
      <Figure name="Cost of a request" value={all.cost === null ? '–' : money(all.cost, data.currency)}>
        mean, with every attempt that it took
      </Figure>
      <Figure name="Latency p95" value={duration(all.p95Millis)}>
        of whole answers{all.firstTokenMillis === null ? '' : `; first token ${duration(all.firstTokenMillis)}`}
      </Figure>
      <Figure name="Good answers" value={all.accuracy ? percent(all.accuracy.value) : '–'}>
        {all.accuracy
          ? `${percent(all.accuracy.low)} to ${percent(all.accuracy.high)}, by ${count(all.accuracy.labels)} scores`
          : 'nobody has scored an answer yet'}
      </Figure>
    </Figures>
  );
}

const call = (route: string) => `curl http://127.0.0.1:8080/v1/chat/completions \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "${route}", "messages": [{"role": "user", "content": "Hello"}]}'`;
