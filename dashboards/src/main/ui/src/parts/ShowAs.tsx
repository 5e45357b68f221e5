export type Shown = 'chart' | 'table';

/** Whether figures are drawn or written. */
export function ShowAs({ shown, show }: { shown: Shown; show: (as: Shown) => void }) {
  return (
    <div className="toggle" role="group" aria-label="Show as">
      <button type="button" aria-pressed={shown === 'chart'} onClick={() => show('chart')}>
        Chart
      </button>
      <button type="button" aria-pressed={shown === 'table'} onClick={() => show('table')}>
        Table
      </button>
    </div>
  );
}
