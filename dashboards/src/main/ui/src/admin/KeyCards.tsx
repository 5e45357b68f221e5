import { useState } from 'react';
import { enter } from '../frame/session';
import { when } from '../frame/format';
import { ActionForm } from '../finance/books/ActionForm';
import { Badge } from '../parts/Badge';
import { Card } from '../parts/Card';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import * as api from './api';
import type { Key, Keys } from './api';

/** The keys, and the one moment at which a new one can be read. */
export function KeyCard({ data, reload }: { data: Keys; reload: () => void }) {
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const good = data.keys.filter((key) => key.good).length;
  return (
    <Card
      title="Keys"
      summary={
        data.keys.length === 0
          ? 'None was made yet: whoever reaches this port may do everything. The first one must be an admin’s; from then on everybody needs one.'
          : `${good} of ${data.keys.length} are good. A key is shown once, when it is made; only its hash is kept.`
      }
      actions={
        <button type="button" className="button primary" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          Make a key
        </button>
      }
    >
      {adding && (
        <Making
          data={data}
          close={() => setAdding(false)}
          done={(key) => {
            setMade(key);
            setAdding(false);
            reload();
          }}
        />
      )}
      {made && (
        <div className="callout warn" role="status">
          <p>This is the only time that the key is shown.</p>
          <Code text={made} />
        </div>
      )}
      {revoking && (
        <ActionForm
          label={`Revoke ${revoking.name}`}
          danger
          act={(given) => api.change('revoke', { ...given, id: revoking.id })}
          close={() => setRevoking(null)}
          done={() => (setRevoking(null), reload())}
        />
      )}
      {data.keys.length > 0 && <DataTable label="Keys" columns={columns(setRevoking)} rows={data.keys} keyOf={(key) => key.id} tall />}
    </Card>
  );
}

function Making({ data, close, done }: { data: Keys; close: () => void; done: (key: string | null) => void }) {
  const first = data.keys.length === 0;
  return (
    <ActionForm
      label="Make it"
      reasoned={false}
      act={async ({ days, ...given }) => {
        const answer = await api.change('create', { ...given, days: Number(days || 0) });
        if (first && answer.made !== null) {
          // from now on the port asks everybody for a key, this page too
          await enter(answer.made);
        }
        done(answer.made);
      }}
      close={close}
      done={() => undefined}
    >
      <label className="grow">
        Whose it is
        <input name="name" required maxLength={80} pattern="[!-~]+" placeholder="ada" />
      </label>
      <label>
        Role
        <select name="role" defaultValue={first ? 'admin' : 'viewer'}>
          {data.roles
            .filter((one) => !first || one.role === 'admin')
            .map((one) => (
              <option key={one.role}>{one.role}</option>
            ))}
        </select>
      </label>
      <label>
        Days, 0 for no end
        <input name="days" type="number" min="0" max="3660" defaultValue="90" className="num" />
      </label>
    </ActionForm>
  );
}

function columns(revoke: (key: Key) => void): Column<Key>[] {
  return [
    { name: 'Name', wide: true, cell: (key) => key.name },
    { name: 'Role', cell: (key) => key.role },
    { name: 'Begins with', cell: (key) => <code>{key.prefix}…</code> },
    { name: 'Last used', cell: (key) => (key.lastUsedAt ? when(key.lastUsedAt) : 'never') },
    { name: 'Made', cell: (key) => when(key.createdAt), exact: (key) => `by ${key.createdBy}` },
    { name: 'Expires', cell: (key) => (key.expiresAt ? when(key.expiresAt) : 'never') },
    {
      name: 'State',
      cell: (key) =>
        key.good ? (
          <button type="button" className="button small" aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>
            Revoke
          </button>
        ) : (
          <Badge>{key.revokedAt ? 'revoked' : 'expired'}</Badge>
        ),
    },
  ];
}

/** What each role may. */
export function RoleCard({ roles }: { roles: Keys['roles'] }) {
  return (
    <Card title="Roles" summary="The server holds to this for pages, programs and commands alike.">
      <DataTable
        label="Roles"
        columns={[
          { name: 'Role', cell: (one) => one.role },
          { name: 'May', wide: true, cell: (one) => one.may.join(' · ') },
        ]}
        rows={roles}
        keyOf={(one) => one.role}
      />
    </Card>
  );
}
