import type { Figures as Data } from './api';
import { count, exact, money, percent, short } from '../frame/format';
import { Figure, Figures as Row } from '../parts/Figure';

/** The four numbers that answer most questions; each shows the exact amount behind its rounding. */
export function Figures({ figures, currency }: { figures: Data; currency: string }) {
  const losing = figures.saved.startsWith('-');
  const compares = figures.baseline !== '0' || figures.compared !== '0';
  return (
    <Row label="Key figures">
      <Figure id="spend" name="Spend" value={money(figures.spend, currency)} change={figures.spendChange} better="less">
        <span className="digits" data-exact={figures.spend}>
          {exact(figures.spend, currency)}
        </span>
      </Figure>
      <Figure
        id="saved"
        name="Saved against baseline"
        value={compares ? money(figures.saved, currency) : '–'}
        tone={losing ? 'bad' : compares ? 'good' : undefined}
        aside={figures.savedShare === null ? undefined : `${percent(figures.savedShare, 0)} of ${money(figures.baseline, currency)}`}
      >
        {compares ? (
          <span className="digits" data-exact={figures.saved}>
            {exact(figures.saved, currency)}
          </span>
        ) : (
          'No route with a baseline was used'
        )}
      </Figure>
      <Figure id="requests" name="Requests" value={count(figures.requests)} change={figures.requestsChange}>
        {short(figures.inputTokens)} tokens in, {short(figures.outputTokens)} out
        {figures.open > 0 && <>, {count(figures.open)} under way</>}
      </Figure>
      <Figure id="success" name="Success rate" value={percent(figures.successRate)}>
        {outcome(figures)}
      </Figure>
    </Row>
  );
}

function outcome(figures: Data): string {
  const parts = [
    [figures.unanswered, 'unanswered'],
    [figures.refused, 'refused as wrong'],
    [figures.callerLeft, 'left by caller'],
    [figures.failed, figures.failed === 1 ? 'failed attempt' : 'failed attempts'],
  ] as const;
  const told = parts.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
  return [`${count(figures.answered)} answered in full`, ...told].join(', ');
}
