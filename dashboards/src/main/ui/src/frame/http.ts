/** An answer of the admin port that is no success, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Told to the window when the admin port no longer knows who is there. */
export const SIGNED_OUT = 'pareto-signed-out';

async function read<T>(answer: Response, path: string): Promise<T> {
  if (answer.ok) {
    return (await answer.json()) as T;
  }
  if (answer.status === 401) {
    dispatchEvent(new Event(SIGNED_OUT));
  }
  const told = (await answer.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new Refusal(answer.status, told?.error?.message ?? `The gateway answered ${answer.status} to ${path}.`);
}

/** @param path from the root, e.g. `/api/overview?period=24h` */
export async function get<T>(path: string, signal: AbortSignal): Promise<T> {
  return read(await fetch(path, { signal, headers: { Accept: 'application/json' } }), path);
}

/** The server takes only JSON, and only from a page of its own origin. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  return read(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }), path);
}

/** `?a=1&b=2` of what is stated; nothing of what is null or empty. */
export function query(parts: Record<string, string | number | null | undefined>): string {
  const stated = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) {
    if (value !== null && value !== undefined && value !== '') {
      stated.set(name, String(value));
    }
  }
  const text = stated.toString();
  return text ? `?${text}` : '';
}
