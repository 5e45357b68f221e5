import type { ReactNode } from 'react';

/** What a colour says; `simulated` is its own colour on every page. */
export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'simulated' | 'plain';

/** A word with a colour; the word alone says it, too. */
export function Badge({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

/** Nobody bills this: a stand-in or a recording answered. */
export function Simulated() {
  return (
    <Badge tone="simulated" title="Answers of a stand-in or a recording; such evidence never moves a real vendor's traffic">
      simulated
    </Badge>
  );
}
