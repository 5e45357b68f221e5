import { points } from '../frame/format';

interface IntervalProps {
  difference: number;
  lower: number | null;
  upper: number | null;
  margin: number | null;
  /** How far the scale goes to either side, where several share one. */
  reach?: number;
  /** With a scale and words, for a page of its own. */
  large?: boolean;
}

/** The difference and its interval against the margin: left of the dashed line is not good enough. */
export function Interval({ difference, lower, upper, margin, reach: stated, large = false }: IntervalProps) {
  const low = lower ?? difference;
  const high = upper ?? difference;
  const edge = margin ?? 0;
  const reach = stated ?? Math.max(edge * 1.6, Math.abs(low), Math.abs(high), Math.abs(difference), 0.005) * 1.15;
  if (large) {
    return <Scaled difference={difference} low={low} high={high} margin={margin} reach={reach} />;
  }
  const x = (value: number) => 120 + (value / reach) * 112;
  return (
    <svg className="interval" viewBox="0 0 240 26" width="240" height="26" aria-hidden="true">
      <line className="axis" x1="8" x2="232" y1="13" y2="13" />
      <line className="zero" x1="120" x2="120" y1="6" y2="20" />
      {margin !== null && <line className="margin" x1={x(-edge)} x2={x(-edge)} y1="1" y2="25" />}
      {lower !== null && <line className="span" x1={x(low)} x2={x(high)} y1="13" y2="13" />}
      <circle className="point" cx={x(difference)} cy="13" r="4.5" />
    </svg>
  );
}

interface ScaledProps {
  difference: number;
  low: number;
  high: number;
  margin: number | null;
  reach: number;
}

function Scaled({ difference, low, high, margin, reach }: ScaledProps) {
  const x = (value: number) => 360 + (value / reach) * 340;
  const edge = margin ?? 0;
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => reach / one <= 5) ?? 1;
  const ticks = Array.from({ length: 2 * Math.floor(reach / step) + 1 }, (_, i) => (i - Math.floor(reach / step)) * step);
  return (
    <svg className="interval large" viewBox="0 0 720 150" aria-hidden="true">
      {margin !== null && <rect className="forbidden" x="0" y="34" width={Math.max(0, x(-edge))} height="72" />}
      <line className="axis" x1="0" x2="720" y1="106" y2="106" />
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="tick" x1={x(tick)} x2={x(tick)} y1="106" y2="111" />
          <text className="scale" x={x(tick)} y="128">
            {Number((tick * 100).toFixed(3)).toString().replace('-', '−')}
          </text>
        </g>
      ))}
      <line className="zero" x1={x(0)} x2={x(0)} y1="34" y2="106" />
      {margin !== null && (
        <>
          <line className="margin" x1={x(-edge)} x2={x(-edge)} y1="26" y2="106" />
          <text className="scale bad" x={x(-edge)} y="18">
            margin {points(-edge)}
          </text>
        </>
      )}
      {x(0) - x(-edge) > 90 && (
        <text className="scale" x={x(0)} y="18">
          equal
        </text>
      )}
      <line className="span" x1={x(low)} x2={x(high)} y1="70" y2="70" />
      <line className="span" x1={x(low)} x2={x(low)} y1="62" y2="78" />
      <line className="span" x1={x(high)} x2={x(high)} y1="62" y2="78" />
      <circle className="point" cx={x(difference)} cy="70" r="7" />
      <text className="scale" x="360" y="147">
        candidate minus incumbent, percentage points
      </text>
    </svg>
  );
}

/** An accuracy and its interval on a scale from 0 to 1, beside its figure. */
export function AccuracyBar({ value, lower, upper }: { value: number; lower: number | null; upper: number | null }) {
  const x = (share: number) => Math.min(1, Math.max(0, share)) * 100;
  return (
    <svg className="accuracy" viewBox="0 0 100 10" width="100" height="10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="accuracy-ground" x="0" y="3" width="100" height="4" rx="2" />
      <rect className="accuracy-value" x="0" y="3" width={x(value)} height="4" rx="2" />
      {lower !== null && upper !== null && (
        <rect className="accuracy-interval" x={x(lower)} y="0.5" width={Math.max(0.8, x(upper) - x(lower))} height="9" rx="1.5" />
      )}
    </svg>
  );
}
