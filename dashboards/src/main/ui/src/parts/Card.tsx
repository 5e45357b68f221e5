import { type ReactNode, useId } from 'react';

interface CardProps {
  title: string;
  /** What the card shows, in words. */
  summary?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** One question and its answer. */
export function Card({ title, summary, actions, className = '', children }: CardProps) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <div className="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          {summary && <p className="summary">{summary}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
