import { useId } from 'react';

export interface Option<T extends string> {
  id: T;
  label: string;
  /** In full, for those who hear the page. */
  name?: string;
  count?: string;
}

interface SegmentedProps<T extends string> {
  label: string;
  options: readonly Option<T>[];
  value: T;
  choose: (value: T) => void;
}

/** One of a few, all in view. */
export function Segmented<T extends string>({ label, options, value, choose }: SegmentedProps<T>) {
  const group = useId();
  return (
    <fieldset className="segmented">
      <legend className="hidden">{label}</legend>
      {options.map((one) => (
        <label key={one.id} title={one.name}>
          <input type="radio" name={group} value={one.id} checked={one.id === value} onChange={() => choose(one.id)} />
          <span>
            {one.label}
            {one.count !== undefined && <em>{one.count}</em>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
