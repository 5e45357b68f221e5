interface StripProps {
  /** What the scale ends with; it begins with `least`. */
  most: number;
  least?: number;
  value: number | null;
  low?: number | null;
  high?: number | null;
  /** As it was before: a hollow dot. */
  was?: number | null;
  limit?: number | null;
  /** On which side of the limit it is not good enough. */
  wrong?: 'above' | 'below';
  missed?: boolean;
  strong?: boolean;
}

/** One figure on a scale that the rows of a table share: its interval, what it was, and the limit it must keep. */
export function Strip({ most, least = 0, value, low, high, was, limit, wrong = 'above', missed = false, strong = false }: StripProps) {
  const width = 180;
  const reach = most - least || 1;
  const x = (at: number) => 7 + Math.min(1, Math.max(0, (at - least) / reach)) * (width - 14);
  const edge = limit !== null && limit !== undefined ? x(limit) : null;
  const spans = low !== null && low !== undefined && high !== null && high !== undefined;
  return (
    <svg className="strip" viewBox={`0 0 ${width} 22`} width={width} height="22" aria-hidden="true">
      {edge !== null && (
        <rect className="strip-wrong" x={wrong === 'above' ? edge : 0} y="2" width={wrong === 'above' ? width - edge : edge} height="18" />
      )}
      <line className="strip-axis" x1="0" x2={width} y1="11" y2="11" />
      {edge !== null && <line className="strip-limit" x1={edge} x2={edge} y1="1" y2="21" />}
      {was !== null && was !== undefined && value !== null && <line className="strip-way" x1={x(was)} x2={x(value)} y1="11" y2="11" />}
      {spans && <line className="strip-span" x1={x(low)} x2={x(high)} y1="11" y2="11" />}
      {was !== null && was !== undefined && <circle className="strip-was" cx={x(was)} cy="11" r="4.5" />}
      {value !== null && <circle className={`strip-dot ${missed ? 'missed' : strong ? 'strong' : ''}`} cx={x(value)} cy="11" r="5" />}
    </svg>
  );
}
