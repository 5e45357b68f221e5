import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Card } from './Card';
import type { ChartOption, Palette } from './Drawing';
import { ShowAs, type Shown } from './ShowAs';

// The chart library is the largest part of a page: the figures do not wait for it.
const Drawing = lazy(() => import('./Drawing'));

interface ChartCardProps {
  title: string;
  /** What the chart shows, in words; read out in its place. */
  summary: string;
  legend?: ReactNode;
  actions?: ReactNode;
  /** From the colours of now to a drawing; keep it the same while the data are (`useCallback`). */
  draw: (palette: Palette) => ChartOption;
  /** The same figures as a table. */
  table: ReactNode;
  /** Half as high: beside others, for a few lines. */
  small?: boolean;
}

/** A chart, the same as a table, and the same in words. */
export function ChartCard({ title, summary, legend, actions, draw, table, small = false }: ChartCardProps) {
  const [shown, setShown] = useState<Shown>('chart');
  return (
    <Card
      title={title}
      summary={summary}
      actions={
        <div className="card-actions">
          {actions}
          <ShowAs shown={shown} show={setShown} />
        </div>
      }
    >
      {legend}
      {shown === 'table' ? (
        table
      ) : (
        <Suspense fallback={<div className={small ? 'chart small' : 'chart'} />}>
          <Drawing draw={draw} label={summary} small={small} />
        </Suspense>
      )}
    </Card>
  );
}
