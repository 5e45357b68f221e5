/** From values to pixels. */
export interface Scale {
  at: (value: number) => number;
  ticks: number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

/** Round numbers within, about so many. */
function round(least: number, most: number, wanted: number): number[] {
  const raw = (most - least) / wanted || 1;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = (STEPS.find((one) => one * size >= raw) ?? 10) * size;
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** Even steps. */
export function linear(least: number, most: number, from: number, to: number, wanted = 5): Scale {
  const reach = most - least || 1;
  return { at: (value) => from + ((value - least) / reach) * (to - from), ticks: round(least, most, wanted) };
}

/** Equal factors: for values of which the largest is many times the least. */
export function logarithmic(least: number, most: number, from: number, to: number): Scale {
  const low = Math.log10(least);
  const reach = Math.log10(most) - low || 1;
  const decades = Array.from({ length: Math.ceil(low + reach) - Math.floor(low) + 1 }, (_, i) => 10 ** (Math.floor(low) + i));
  const inside = (value: number) => value >= least && value <= most;
  const fine = decades.flatMap((one) => [one, 2 * one, 5 * one]).filter(inside);
  const coarse = decades.filter(inside);
  return {
    at: (value) => from + ((Math.log10(Math.max(value, least)) - low) / reach) * (to - from),
    ticks: fine.length > 7 && coarse.length > 1 ? coarse : fine,
  };
}

export interface Spot {
  x: number;
  y: number;
}

/** Those that nobody else beats in both, by x; smaller x and larger `good` are better. */
export function frontier<T>(all: T[], x: (one: T) => number, good: (one: T) => number): T[] {
  const best: T[] = [];
  for (const one of [...all].sort((a, b) => x(a) - x(b) || good(b) - good(a))) {
    const last = best.at(-1);
    if (!last || good(one) > good(last)) {
      best.push(one);
    }
  }
  return best;
}
