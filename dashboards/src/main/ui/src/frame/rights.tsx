import type { ComponentProps } from 'react';
import { useSession } from './session';

/** What an act asks for (`Right.java`), with the roles that have it (`Role.java`). */
const RIGHTS = {
  KEEP_BOOKS: { may: 'keep the books', roles: 'finance or admin' },
  STEER: { may: 'change where requests go', roles: 'operator or admin' },
} as const;

export type Right = keyof typeof RIGHTS;

/** Why whoever is here may not do it, in a sentence; null for those who may. The server decides; this only spares the try. */
export function useForbidden(right: Right): string | null {
  const session = useSession();
  if (!session.keys || session.rights.includes(right)) {
    return null;
  }
  return `The role ${session.role ?? 'of this key'} may not ${RIGHTS[right].may}; ${RIGHTS[right].roles} may.`;
}

/** A button that does something; for those without the right it can be reached, is dimmed and says why. */
export function ActButton({ right, className = 'button', onClick, ...rest }: ComponentProps<'button'> & { right: Right }) {
  const forbidden = useForbidden(right);
  return forbidden === null ? (
    <button type="button" className={className} onClick={onClick} {...rest} />
  ) : (
    <button type="button" className={className} {...rest} aria-expanded={undefined} aria-disabled="true" title={forbidden} />
  );
}

/** Said once on a page with such buttons. */
export function RightNote({ right }: { right: Right }) {
  const forbidden = useForbidden(right);
  return forbidden && <p className="right-note">{forbidden}</p>;
}
