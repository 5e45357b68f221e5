import { Empty } from '../parts/States';

/** A period in which nothing was spent. */
export function Nothing() {
  return (
    <Empty title="Nothing was spent in this period">
      <p>No call of these dates passes these filters. Choose another period above, or take a filter away.</p>
    </Empty>
  );
}
