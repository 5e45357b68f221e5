import { type FormEvent, useState } from 'react';
import { count, when } from '../frame/format';
import { setQuery, usePlace } from '../frame/router';
import { Card } from '../parts/Card';
import { Choice } from './Bar';
import { CallTable, STATES } from './CallTable';
import type { CallList } from './calls';
import { MoneyPage } from './MoneyPage';

const OWN = ['state', 'min', 'max', 'order', 'before'] as const;

/** Which requests cost that much? Calls one by one, a page at a time. */
export function Requests() {
  const { query } = usePlace();
  const more: Record<string, string> = {};
  for (const name of OWN) {
    const value = query.get(name);
    if (value) {
      more[name] = value;
    }
  }
  return (
    <MoneyPage<CallList>
      title="Requests"
      lead="Which requests cost that much? Every call with its bill, down to the price that was used; never its content."
      path="/api/money/calls"
      more={more}
      compares={false}
      actions={<Choices more={more} />}
    >
      {(data) => <Calls data={data} more={more} />}
    </MoneyPage>
  );
}

function Choices({ more }: { more: Record<string, string> }) {
  const choose = (name: string) => (value: string) => setQuery({ [name]: value || null, before: null });
  return (
    <div className="bar-row">
      <Choice label="Outcome" value={more['state'] ?? ''} choose={choose('state')}>
        <option value="">Any</option>
        {Object.entries(STATES).map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label="Order" value={more['order'] ?? ''} choose={choose('order')}>
        <option value="">Newest first</option>
        <option value="dearest">Dearest first</option>
      </Choice>
      <Costs key={`${more['min']} ${more['max']}`} min={more['min'] ?? ''} max={more['max'] ?? ''} />
    </div>
  );
}

/** A range of costs; taken when Enter is pressed or the field is left. */
function Costs({ min, max }: { min: string; max: string }) {
  const [from, setFrom] = useState(min);
  const [to, setTo] = useState(max);
  const take = () => (from !== min || to !== max) && setQuery({ min: from.trim() || null, max: to.trim() || null, before: null });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take();
  };
  return (
    <form className="cost-range" onSubmit={submit}>
      <label className="pick">
        <span>Cost from</span>
        <input inputMode="decimal" pattern="\d*\.?\d*" placeholder="0.10" value={from} onChange={(e) => setFrom(e.target.value)} onBlur={take} />
      </label>
      <label className="pick">
        <span>to</span>
        <input inputMode="decimal" pattern="\d*\.?\d*" placeholder="any" value={to} onChange={(e) => setTo(e.target.value)} onBlur={take} />
      </label>
      <button type="submit" className="hidden">
        Show these costs
      </button>
    </form>
  );
}

function Calls({ data, more }: { data: CallList; more: Record<string, string> }) {
  const { rows, next, searchedTo, dropped } = data;
  const dearest = more['order'] === 'dearest';
  const said = dearest
    ? `The ${rows.length === 0 ? '' : `${count(rows.length)} `}dearest calls of the period that cost ${more['min'] ?? '0.10'} or more.`
    : `${count(rows.length)} calls, newest first.`;
  return (
    <Card title="Calls" summary={searchedTo ? `${said} Looked back to ${when(searchedTo)}; older ones come with the next page.` : said}>
      {rows.length === 0 ? (
        <p className="quiet">{next ? 'None in the hours looked at so far.' : 'No call of this period is like that.'}</p>
      ) : (
        <CallTable label="Calls" rows={rows} currency={data.frame.currency} />
      )}
      {dropped.length > 0 && (
        <p className="quiet">
          Calls of {dropped.join(', ')} are no longer kept one by one; their sums and hashes are. A file can be had of the other months.
        </p>
      )}
      <div className="pager">
        {more['before'] && (
          <button type="button" className="button small" onClick={() => setQuery({ before: null })}>
            Back to the newest
          </button>
        )}
        {next && (
          <button type="button" className="button small" onClick={() => setQuery({ before: next })}>
            {searchedTo ? 'Look further back' : 'Older calls'}
          </button>
        )}
      </div>
    </Card>
  );
}
