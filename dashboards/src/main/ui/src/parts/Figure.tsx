import { type ReactNode, useId } from 'react';
import { signed } from '../frame/format';

interface FigureProps {
  name: string;
  value: ReactNode;
  /** Found by tests and scripts as `data-figure`. */
  id?: string;
  /** Against the same length of time before. */
  change?: number | null;
  better?: 'less' | 'more';
  tone?: 'good' | 'bad' | undefined;
  aside?: ReactNode;
  /** The exact figure, or what it is made of. */
  children?: ReactNode;
}

/** One number that matters, and beneath it the exact one. */
export function Figure({ name, value, id, change, better, tone, aside, children }: FigureProps) {
  const label = useId();
  const moved = change !== null && change !== undefined && change !== 0;
  const direction = moved && better ? ((better === 'less') === change < 0 ? 'good' : 'bad') : '';
  return (
    <div className="figure card" role="group" aria-labelledby={label}>
      <h2 id={label}>{name}</h2>
      <p className={`value ${tone ?? ''}`} data-figure={id}>
        {value}
        {moved && (
          <span className={`change ${direction}`} title="Against the same length of time before">
            {signed(change)}
          </span>
        )}
        {aside && <span className="change">{aside}</span>}
      </p>
      {children && <p className="note">{children}</p>}
    </div>
  );
}

/** Figures side by side. */
export function Figures({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className="figures" aria-label={label}>
      {children}
    </section>
  );
}
