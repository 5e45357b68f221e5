import { signed } from '../frame/format';

/** How much more or less than before; spend that falls is good. */
export function Change({ value, better = 'less' }: { value: number | null; better?: 'less' | 'more' | 'neither' }) {
  if (value === null) {
    return <span className="quiet">new</span>;
  }
  const tone = value === 0 || better === 'neither' ? '' : (better === 'less') === value < 0 ? 'good' : 'bad';
  return <span className={`change ${tone}`}>{signed(value)}</span>;
}
