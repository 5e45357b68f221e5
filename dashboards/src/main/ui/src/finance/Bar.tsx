import { type ReactNode, useState } from 'react';
import { type Asked, COLUMNS, PERIODS, dimensionName } from './asked';
import { Filters } from './Filters';

/** By what a page's rows can be grouped. */
export interface Grouping {
  /** How many dimensions at once. */
  most: 1 | 2;
  /** Where nothing is said. */
  usual: string[];
  /** Keys of tags that are in use. */
  tags?: string[];
}

interface BarProps {
  asked: Asked;
  grouping?: Grouping | undefined;
  compares: boolean;
  /** The report behind the page, for its export. */
  path: string;
  search: string;
}

/** What every page of money is asked by: period, comparison, filters, grouping; and how its answer is handed on. */
export function Bar({ asked, grouping, compares, path, search }: BarProps) {
  return (
    <section className="bar-of-money" aria-label="What these figures are about">
      <div className="bar-row">
        <Period asked={asked} />
        {compares && (
          <Choice
            label="Compare to"
            value={asked.compare}
            choose={(compare) => asked.change({ compare: compare === 'previous' ? null : compare })}
          >
            <option value="previous">Period before</option>
            <option value="last-year">Same dates last year</option>
            <option value="none">Nothing</option>
          </Choice>
        )}
        {grouping && <GroupBy asked={asked} grouping={grouping} />}
        <Zone asked={asked} />
        <span className="bar-end">
          <Share />
          <Export path={path} search={search} />
        </span>
      </div>
      <Filters asked={asked} />
    </section>
  );
}

export function Choice(props: { label: string; value: string; choose: (value: string) => void; children: ReactNode }) {
  return (
    <label className="pick">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.choose(event.target.value)}>
        {props.children}
      </select>
    </label>
  );
}

function Period({ asked }: { asked: Asked }) {
  const choose = (id: string) => {
    const dates = id === 'custom' ? recent() : { from: null, to: null };
    asked.change({ period: id === 'custom' || id === 'this-month' ? null : id, ...dates });
  };
  return (
    <>
      <Choice label="Period" value={asked.period} choose={choose}>
        {PERIODS.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Choice>
      {asked.period === 'custom' && (
        <>
          <Day label="From" value={asked.from} choose={(from) => asked.change({ from })} />
          <Day label="To" value={asked.to} choose={(to) => asked.change({ to })} />
        </>
      )}
    </>
  );
}

function Day({ label, value, choose }: { label: string; value: string; choose: (day: string) => void }) {
  return (
    <label className="pick">
      <span>{label}</span>
      <input type="date" value={value} onChange={(event) => event.target.value && choose(event.target.value)} />
    </label>
  );
}

/** The last fortnight, to begin with. */
function recent(): { from: string; to: string } {
  const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);
  return { from: day(13), to: day(0) };
}

function GroupBy({ asked, grouping }: { asked: Asked; grouping: Grouping }) {
  const chosen = asked.group.length > 0 ? asked.group : grouping.usual;
  const tags = (grouping.tags ?? []).map((key) => `tag.${key}`);
  const all = [...new Set([...COLUMNS, ...tags, ...chosen])];
  const choose = (place: number, value: string) => {
    const next = [...chosen];
    next[place] = value;
    const stated = next.filter((name, i) => name !== '' && next.indexOf(name) === i);
    asked.change({ group: stated.join(',') === grouping.usual.join(',') ? null : stated.join(',') });
  };
  return (
    <>
      {Array.from({ length: grouping.most }, (_, place) => (
        <Choice key={place} label={place === 0 ? 'Group by' : 'then by'} value={chosen[place] ?? ''} choose={(v) => choose(place, v)}>
          {place > 0 && <option value="">Nothing more</option>}
          {all
            .filter((id) => !chosen.some((other, i) => i !== place && (other === id || (other.startsWith('tag.') && id.startsWith('tag.')))))
            .map((id) => (
              <option key={id} value={id}>
                {dimensionName(id)}
              </option>
            ))}
        </Choice>
      ))}
    </>
  );
}

function Zone({ asked }: { asked: Asked }) {
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set(['UTC', mine, asked.zone, 'America/Los_Angeles', 'America/New_York', 'Europe/London', 'Europe/Berlin', 'Asia/Tokyo'])];
  return (
    <Choice label="Days in" value={asked.zone} choose={(zone) => asked.change({ zone: zone === 'UTC' ? null : zone })}>
      {zones.map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll('_', ' ')}
        </option>
      ))}
    </Choice>
  );
}

function Share() {
  const [told, tell] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      tell('Copied');
    } catch {
      tell('Copy the address bar: it holds everything');
    }
    setTimeout(() => tell(''), 4_000);
  };
  return (
    <>
      <button type="button" className="button small" onClick={copy} title="The address holds everything that is chosen here">
        Share link
      </button>
      <span role="status" className="told">
        {told}
      </span>
    </>
  );
}

function Export({ path, search }: { path: string; search: string }) {
  const as = (format: string) => `${path}?${search ? `${search}&` : ''}format=${format}`;
  return (
    <details className="menu">
      <summary className="button small">Export</summary>
      <div className="menu-list">
        <a href={as('csv')} download>
          CSV, for a spreadsheet
        </a>
        <a href={as('json')} target="_blank" rel="noreferrer">
          JSON, for a program
        </a>
        <button type="button" onClick={() => print()}>
          Print, or save as PDF
        </button>
      </div>
    </details>
  );
}
