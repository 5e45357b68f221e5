import { useLoad } from '../../frame/useLoad';
import { Choice } from '../Bar';
import * as api from './api';
import { monthName } from './words';

/** Which month, of those that the books have. */
export function MonthPick({ value, choose }: { value: string; choose: (month: string) => void }) {
  const { data } = useLoad('months', api.months, false);
  const all = [...new Set([...(data?.months ?? []), value])].sort().reverse();
  return (
    <Choice label="Month" value={value} choose={choose}>
      {all.map((month) => (
        <option key={month} value={month}>
          {monthName(month)}
        </option>
      ))}
    </Choice>
  );
}
