import { useState } from 'react';
import { useLoad } from '../frame/useLoad';
import * as api from './api';
import { type Asked, dimensionName, valueName } from './asked';

/** Only a part of the spend: what is chosen as chips, and a way to choose more. */
export function Filters({ asked }: { asked: Asked }) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="filters">
      {asked.filters.map(({ dimension, values }) =>
        values.map((value) => (
          <span className="chip" key={`${dimension} ${value}`}>
            {dimensionName(dimension)}: <b>{valueName(dimension, value)}</b>
            <button
              type="button"
              aria-label={`Without the filter ${dimensionName(dimension)} ${valueName(dimension, value)}`}
              onClick={() => asked.change({ [dimension]: values.filter((other) => other !== value) })}
            >
              <span aria-hidden="true">×</span>
            </button>
          </span>
        )),
      )}
      {asked.simulated !== 'with' && (
        <span className="chip">
          {asked.simulated === 'only' ? 'Simulated calls alone' : 'Without simulated calls'}
          <button type="button" aria-label="With simulated calls, too" onClick={() => asked.change({ simulated: null })}>
            <span aria-hidden="true">×</span>
          </button>
        </span>
      )}
      {adding ? (
        <Adding asked={asked} done={() => setAdding(false)} />
      ) : (
        <button type="button" className="chip add" onClick={() => setAdding(true)}>
          + Filter
        </button>
      )}
      {asked.filters.length > 1 && (
        <button
          type="button"
          className="chip add"
          onClick={() => asked.change({ ...Object.fromEntries(asked.filters.map((one) => [one.dimension, null])), simulated: null })}
        >
          Clear all
        </button>
      )}
    </div>
  );
}

function Adding({ asked, done }: { asked: Asked; done: () => void }) {
  const period = new URLSearchParams(asked.search);
  asked.filters.forEach((one) => period.delete(one.dimension));
  period.delete('group');
  const { data, error } = useLoad(`choices:${period}`, (signal) => api.choices(period.toString(), signal), false);
  const tag = asked.filters.find((one) => one.dimension.startsWith('tag.'))?.dimension;
  const offered = (data?.dimensions ?? []).filter((one) => !tag || !one.dimension.startsWith('tag.') || one.dimension === tag);
  const [dimension, setDimension] = useState('tenant');
  const chosen = offered.find((one) => one.dimension === dimension) ?? offered[0];
  const add = (value: string) => {
    if (chosen && value !== '…') {
      const present = asked.filters.find((one) => one.dimension === chosen.dimension)?.values ?? [];
      asked.change({ [chosen.dimension]: [...new Set([...present, value])] });
      done();
    }
  };
  if (error) {
    return <span className="quiet">What there is to filter by could not be read: {error}</span>;
  }
  return (
    <span className="adding">
      <select aria-label="Filter by" value={chosen?.dimension ?? ''} onChange={(event) => setDimension(event.target.value)} autoFocus>
        {offered.map((one) => (
          <option key={one.dimension} value={one.dimension}>
            {dimensionName(one.dimension)}
          </option>
        ))}
        <option value="simulated">Simulated calls</option>
        {data?.moreTags && <option disabled>more tags can be named in the address</option>}
      </select>
      {dimension === 'simulated' ? (
        <select aria-label="Which" value="…" onChange={(event) => (asked.change({ simulated: event.target.value }), done())}>
          <option>…</option>
          <option value="without">Without them</option>
          <option value="only">Only them</option>
        </select>
      ) : (
        <select aria-label="Only" value="…" onChange={(event) => add(event.target.value)}>
          <option>…</option>
          {chosen?.values.map((value) => (
            <option key={value} value={value}>
              {valueName(chosen.dimension, value)}
            </option>
          ))}
          {chosen?.more && <option disabled>only the first {chosen.values.length}; name others in the address</option>}
        </select>
      )}
      <button type="button" className="chip add" onClick={done}>
        Cancel
      </button>
    </span>
  );
}
