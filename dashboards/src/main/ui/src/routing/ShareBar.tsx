import { count, percent } from '../frame/format';
import { colours } from './words';

interface Part {
  model: string;
  requests: number;
}

/** Who got which share, as one bar; the words are in its title and beside it. */
export function ShareBar({ parts, models }: { parts: Part[]; models: string[] }) {
  const colour = colours([...models, ...parts.map((part) => part.model)]);
  const whole = parts.reduce((sum, part) => sum + part.requests, 0) || 1;
  const said = parts.map((part) => `${part.model} ${percent(part.requests / whole, 0)} (${count(part.requests)})`).join(', ');
  let at = 0;
  return (
    <svg className="share-bar" viewBox="0 0 200 12" width="200" height="12" preserveAspectRatio="none" role="img" aria-label={said}>
      <title>{said}</title>
      {parts.map((part) => {
        const x = at;
        const width = (part.requests / whole) * 200;
        at += width;
        return <rect key={part.model} className={`fill-${colour.get(part.model)}`} x={x} y="0" width={Math.max(0, width - 1)} height="12" />;
      })}
    </svg>
  );
}
