import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';

/** Longer texts are shown without marks: comparing them would hold up the page. */
const LONGEST = 20_000;
const MILLIS = 200;

/** A text with what the other one does not have marked. */
export function Diff({ words, other }: { words: string; other: string | null }) {
  const parts = useMemo(
    () =>
      other === null || words === other || words.length + other.length > LONGEST
        ? undefined
        : diffWordsWithSpace(other, words, { timeout: MILLIS }),
    [words, other],
  );
  if (!parts) {
    return <>{words}</>;
  }
  return (
    <>
      {parts
        .filter((part) => !part.removed)
        .map((part, i) => (part.added && part.value.trim() ? <mark key={i}>{part.value}</mark> : part.value))}
    </>
  );
}
