import { Fragment } from 'react';
import { count, duration, exact, money } from '../frame/format';
import { setQuery, useChoice, useQuery } from '../frame/router';
import { useLoad } from '../frame/useLoad';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { Segmented } from '../parts/Segmented';
import * as api from './api';
import type { ItemRow, Kind, Mark, Summary } from './api';
import { Diff } from './Diff';
import { kindWords } from './words';

const PAIRS = ['all', 'only_incumbent', 'only_candidate', 'both', 'neither', 'ungraded'] as const;
const SINGLE = ['all', 'right', 'wrong', 'ungraded'] as const;
type Shown = (typeof PAIRS)[number] | (typeof SINGLE)[number];

/** Item by item: what each model answered, how it was graded, and where the two part. */
export function Items({ run }: { run: Summary }) {
  const compares = run.header.models.length === 2;
  const all: readonly Shown[] = compares ? PAIRS : SINGLE;
  const [shown] = useChoice<Shown>('show', all, 'all');
  const [slice] = useQuery('slice', '');
  const [from, goTo] = useQuery('from', '0');
  const offset = /^\d{1,7}$/.test(from) ? Number(from) : 0;
  const live = run.state === 'RUNNING' ? 5_000 : (false as const);
  const page = useLoad(
    `items:${run.header.id}:${shown}:${slice}:${offset}`,
    (signal) => api.items(run.header.id, shown, slice, offset, signal),
    live,
  );
  const kinds = page.data?.kinds ?? (slice ? {} : run.figures.kinds);
  const everything = Object.values(kinds).reduce((sum, n) => sum + n, 0);
  const options = all.map((id) =>
    id === 'all'
      ? { id, label: 'All', count: count(everything) }
      : { id, label: kindWords(run, kind(id)).label, name: kindWords(run, kind(id)).name, count: count(kinds[kind(id)] ?? 0) },
  );
  const slices = run.figures.slices.map((one) => one.name);
  return (
    <section id="items">
      <Card
        title="Item by item"
        summary={
          compares
            ? 'What each model answered to the same question. Open a row for the whole of it, with the differences marked.'
            : 'What the model answered. Open a row for the whole of it.'
        }
      >
        <div className="filters">
          <Segmented label="Show" options={options} value={shown} choose={(next) => setQuery({ show: next === 'all' ? null : next, from: null, item: null })} />
          {slices.length > 0 && (
            <label className="select">
              <span className="hidden">Slice</span>
              <select value={slice} onChange={(event) => setQuery({ slice: event.target.value || null, from: null, item: null })}>
                <option value="">All slices</option>
                {slices.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        {page.data === null && !page.error && <span className="bone bone-chart" aria-label="Loading" />}
        {page.error && <p className="quiet">The items could not be read: {page.error}</p>}
        {page.data && page.data.total === 0 && <p className="quiet">There is no item of this kind{slice && ` in ${slice}`}.</p>}
        {page.data && page.data.total > 0 && <Rows run={run} rows={page.data.items} compares={compares} />}
        {page.data && page.data.total > api.PAGE && (
          <nav className="pager" aria-label="Pages of items">
            <button type="button" className="button" disabled={offset === 0} onClick={() => goTo(String(Math.max(0, offset - api.PAGE)))}>
              Earlier
            </button>
            <span className="num">
              {count(offset + 1)} to {count(Math.min(offset + api.PAGE, page.data.total))} of {count(page.data.total)}
            </span>
            <button
              type="button"
              className="button"
              disabled={offset + api.PAGE >= page.data.total}
              onClick={() => goTo(String(offset + api.PAGE))}
            >
              Later
            </button>
          </nav>
        )}
      </Card>
    </section>
  );
}

const kind = (shown: Exclude<Shown, 'all'>) => shown.toUpperCase() as Kind;

function Rows({ run, rows, compares }: { run: Summary; rows: ItemRow[]; compares: boolean }) {
  const [open, choose] = useQuery('item', '');
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Items">
      <table className="items">
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col">Outcome</th>
            <th scope="col">{compares ? 'Candidate' : 'Answer'}</th>
            {compares && <th scope="col">Incumbent</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const shown = open === row.item;
            const toggle = () => choose(shown ? '' : row.item);
            return (
              <Fragment key={row.item}>
                <tr
                  className={`clickable ${shown ? 'shown' : ''}`}
                  onClick={(event) => !(event.target as Element).closest('button') && toggle()}
                >
                  <th scope="row">
                    <button type="button" className="disclose" aria-expanded={shown} onClick={toggle}>
                      <span className="chevron" aria-hidden="true" />
                      <span className="item-id">{row.item}</span>
                    </button>
                    {row.stratum && <span className="under">{row.stratum}</span>}
                  </th>
                  <td>
                    <Badge tone={kindWords(run, row.kind).tone} title={kindWords(run, row.kind).name}>
                      {kindWords(run, row.kind).label}
                    </Badge>
                  </td>
                  <Cell keyed={run.header.keyed !== false} mark={row.candidate} />
                  {compares && <Cell keyed={run.header.keyed !== false} mark={row.incumbent} />}
                </tr>
                {shown && (
                  <tr className="detail">
                    <td colSpan={compares ? 4 : 3}>
                      <Item run={run} item={row.item} />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function verdict(mark: Mark, keyed: boolean): { text: string; tone: string } {
  if (mark.score === undefined || mark.score === null) {
    return { text: mark.error ? 'no answer' : 'grader failed', tone: 'warn' };
  }
  if (mark.score === 1) {
    return { text: keyed ? 'right' : 'passed', tone: 'good' };
  }
  return mark.score === 0 ? { text: keyed ? 'wrong' : 'did not pass', tone: 'bad' } : { text: mark.score.toFixed(2), tone: 'warn' };
}

function Cell({ mark, keyed }: { mark: Mark | null; keyed: boolean }) {
  if (mark === null) {
    return <td className="quiet">not yet</td>;
  }
  const { text, tone } = verdict(mark, keyed);
  return (
    <td>
      <span className={`mark ${tone}`}>
        <b>{text}</b>
        <span className="mark-reason">{mark.score === 1 ? ending(mark.answer) : (mark.error ?? mark.reason)}</span>
      </span>
    </td>
  );
}

/** Long answers say last what counts. */
const ending = (answer: string | undefined) => {
  const line = (answer ?? '').replace(/\s+/g, ' ').trim();
  return line.length <= 90 ? line : `${line.slice(0, 90)}…`;
};

function text(content: unknown): string {
  if (typeof content === 'string') {
    return content;
  }
  return JSON.stringify(content, null, 2);
}

function Item({ run, item }: { run: Summary; item: string }) {
  const page = useLoad(`item:${run.header.id}:${item}`, (signal) => api.item(run.header.id, item, signal), false);
  if (page.error) {
    return <p className="quiet">The item could not be read: {page.error}</p>;
  }
  if (page.data === null) {
    return <span className="bone bone-chart" aria-label="Loading" />;
  }
  const { row, words } = page.data;
  const [candidate = null, incumbent = null] = words.answers;
  return (
    <div className="item">
      {words.note && <p className="quiet">{words.note}</p>}
      {words.messages && (
        <div className="question">
          {words.messages.map((message, i) => (
            <div className="message" key={i}>
              <span className="message-role">{message.role}</span>
              <pre tabIndex={0}>{text(message.content)}</pre>
            </div>
          ))}
        </div>
      )}
      {words.expected && (
        <p className="expected">
          <span className="message-role">expected</span> <code>{words.expected}</code>
        </p>
      )}
      <div className={run.header.models.length === 2 ? 'side-by-side' : ''}>
        <Answer keyed={run.header.keyed !== false} name={run.header.models[0]?.model ?? ''} mark={row.candidate} words={candidate} other={incumbent} />
        {run.header.models.length === 2 && (
          <Answer keyed={run.header.keyed !== false} name={run.header.models[1]?.model ?? ''} mark={row.incumbent} words={incumbent} other={candidate} />
        )}
      </div>
    </div>
  );
}

function Answer({ name, keyed, mark, words, other }: { name: string; keyed: boolean; mark: Mark | null; words: string | null; other: string | null }) {
  const result = mark && verdict(mark, keyed);
  return (
    <div className="answer" role="group" aria-label={name}>
      <div className="answer-head">
        <b>{name}</b>
        {result && <Badge tone={result.tone as 'good'}>{result.text}</Badge>}
      </div>
      {mark && (
        <ul className="grades">
          {(mark.grades ?? []).map((grade) => (
            <li key={grade.grader}>
              <code>{grade.grader}</code> {grade.reason}
            </li>
          ))}
          {mark.error && <li>{mark.error}</li>}
        </ul>
      )}
      {words !== null && (
        <pre tabIndex={0} className="words">
          <Diff words={words} other={other} />
        </pre>
      )}
      {mark && (
        <p className="facts">
          {mark.latencyMillis !== undefined && <span>{duration(mark.latencyMillis)}</span>}
          {mark.completionTokens !== undefined && <span>{count(mark.completionTokens)} tokens</span>}
          {mark.cost && <span title={exact(mark.cost, mark.currency ?? 'USD')}>{money(mark.cost, mark.currency ?? 'USD')}</span>}
          {mark.reused && <span>answered in an earlier run</span>}
          {mark.truncated && <span>cut off at its longest</span>}
          {mark.refused && <span>declined</span>}
        </p>
      )}
    </div>
  );
}
