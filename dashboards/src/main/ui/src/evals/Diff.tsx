import { type Change, diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';

/** Longer texts are shown without marks: comparing them would hold up the page. */
const LONGEST = 20_000;
const MILLIS = 200;
/** Below this share of common words marks would cover everything and say nothing. */
const LEAST_COMMON = 0.4;

/** A text with what the other one does not have marked, where they have enough in common. */
export function Diff({ words, other }: { words: string; other: string | null }) {
  const parts = useMemo(() => (other === null ? null : compared(words, other)), [words, other]);
  if (!parts) {
    return <>{words}</>;
  }
  return (
    <>
      {parts.map((part, i) => (part.added && part.value.trim() ? <mark key={i}>{part.value}</mark> : part.value))}
    </>
  );
}

function compared(words: string, other: string): Change[] | null {
  if (words === other || words.length + other.length > LONGEST) {
    return null;
  }
  const parts = diffWordsWithSpace(other, words, { timeout: MILLIS })?.filter((part) => !part.removed);
  const common = parts?.filter((part) => !part.added).reduce((sum, part) => sum + part.value.trim().length, 0) ?? 0;
  return parts && common >= LEAST_COMMON * words.length ? parts : null;
}
