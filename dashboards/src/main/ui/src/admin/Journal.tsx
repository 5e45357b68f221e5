import { useState } from 'react';
import { when } from '../frame/format';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import * as api from './api';
import type { Act, Acts } from './api';

const COLUMNS: Column<Act>[] = [
  { name: 'When', cell: (act) => when(act.at) },
  { name: 'Who', cell: (act) => (act.role ? `${act.who} (${act.role})` : act.who) },
  { name: 'What', cell: (act) => act.act },
  {
    name: 'Outcome',
    cell: (act) => (
      <Badge tone={act.status < 400 ? 'good' : 'bad'} title={`HTTP ${act.status}`}>
        {act.status < 400 ? 'done' : act.status === 401 || act.status === 403 ? 'refused' : 'failed'}
      </Badge>
    ),
  },
  { name: 'Asked for', wide: true, cell: (act) => <span className="break">{act.detail}</span> },
];

/** What was done and what was refused, newest first. */
export function Journal({ first }: { first: Acts }) {
  const [older, setOlder] = useState<Acts[]>([]);
  const [error, setError] = useState<string | null>(null);
  const pages = [first, ...older];
  const next = pages.at(-1)?.next ?? null;
  const more = (seq: number) =>
    api.actsBefore(seq).then(
      (page) => (setError(null), setOlder([...older, page])),
      (failure: unknown) => setError(failure instanceof Error ? failure.message : String(failure)),
    );
  const rows = pages.flatMap((page) => page.acts);
  return (
    <Card
      title="Journal"
      summary={rows.length === 0 ? 'Nothing was done yet.' : 'Everything that changed something, and what was refused. Secrets are left out.'}
    >
      {rows.length > 0 && <DataTable label="Journal" columns={COLUMNS} rows={rows} keyOf={(act) => String(act.seq)} tall />}
      {error && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
      {next !== null && (
        <button type="button" className="button" onClick={() => void more(next)}>
          Older ones
        </button>
      )}
    </Card>
  );
}
