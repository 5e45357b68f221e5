import { when } from '../frame/format';
import { Card } from '../parts/Card';
import { DataTable } from '../parts/DataTable';
import { Facts } from '../parts/Facts';
import type { System } from './api';

/** What runs, and where it keeps the books. */
export function Runs({ system }: { system: System }) {
  const { store } = system;
  return (
    <Card title="What runs">
      <Facts
        facts={[
          ['Version', system.version],
          ['Java', system.java],
          ['Running since', when(system.since)],
          ['Configuration', system.file && <code key="file">{system.file}</code>],
          ['Store', `${store.kind}, schema ${store.schema}`],
          ['At', <code key="place">{store.place}</code>],
          ['Size', size(store.bytes)],
          ['Oldest call with details', store.oldestCall ? when(store.oldestCall) : 'none'],
          ['Months', `${store.closedMonths} closed${store.droppedMonths.length > 0 ? `, ${store.droppedMonths.length} of them without details` : ''}`],
        ]}
      />
    </Card>
  );
}

/** How long what is kept. */
export function Retention({ system }: { system: System }) {
  return (
    <Card title="Retention" summary="Set in the configuration; prompts and answers are in no table of the books.">
      <DataTable
        label="Retention"
        columns={[
          { name: 'What', wide: true, cell: (one) => one.what },
          { name: 'Kept', wide: true, cell: (one) => one.howLong },
          { name: 'Set by', cell: (one) => (one.setting ? <code>{one.setting}</code> : '–') },
        ]}
        rows={system.retention}
        keyOf={(one) => one.what}
      />
    </Card>
  );
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${UNITS[step]}`;
}
