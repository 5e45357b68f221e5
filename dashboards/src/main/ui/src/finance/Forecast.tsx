import { exact, money, percent } from '../frame/format';
import { useQuery } from '../frame/router';
import { Card } from '../parts/Card';
import { type Column, DataTable } from '../parts/DataTable';
import { Figure, Figures } from '../parts/Figure';
import { Empty } from '../parts/States';
import { dimensionName, valueName } from './asked';
import { Choice } from './Bar';
import { Fan } from './Fan';
import { MoneyPage } from './MoneyPage';
import type { BackTest, Course, Estimate, Forecast as Answer } from './outlook';
import { stepWords } from './words';

/** Where do we land? */
export function Forecast() {
  const [line, choose] = useQuery('line', '');
  return (
    <MoneyPage<Answer>
      title="Forecast"
      lead="Where do this month and this quarter land? The forecast begins today and rests on the last 26 weeks, whatever period is chosen."
      path="/api/money/forecast"
      grouping={() => ({ most: 1, usual: ['vendor'] })}
      compares={false}
    >
      {(data) => {
        const chosen = data.parts.find((part) => part.name === line) ?? data.total;
        const currency = data.frame.currency;
        return (
          <>
            <Landing data={data} course={data.total} />
            {chosen.ahead.length === 0 ? (
              <Empty title="Too early to tell">
                <p>{chosen.why}.</p>
              </Empty>
            ) : (
              <Fan forecast={data} course={chosen} title={`Spend by day: ${called(data, chosen)}`} summary={summary(data, chosen)} />
            )}
            <Card
              title={`By ${dimensionName(data.dimension).toLowerCase()}`}
              summary="Each line is forecast by itself from its own past, so the lines need not add up to the total."
              actions={
                <Choice label="Draw" value={chosen.name ?? ''} choose={choose}>
                  <option value="">All spend</option>
                  {data.parts.map(
                    (part) =>
                      part.name !== null && (
                        <option key={part.name} value={part.name}>
                          {valueName(data.dimension, part.name)}
                        </option>
                      ),
                  )}
                </Choice>
              }
            >
              <DataTable
                label={`Forecast by ${data.dimension}`}
                columns={columns(data, currency)}
                rows={[...data.parts, data.total]}
                keyOf={(course) => course.name ?? (course.others ? '(others)' : '(all)')}
              />
            </Card>
          </>
        );
      }}
    </MoneyPage>
  );
}

function Landing({ data, course }: { data: Answer; course: Course }) {
  const currency = data.frame.currency;
  return (
    <Figures label="Where spend lands">
      <Figure name="This month so far" value={money(course.monthToDate, currency)} id="month-to-date">
        {exact(course.monthToDate, currency)}, today included
        {Number(course.adjustments) !== 0 && `; ${exact(course.adjustments, currency)} of it are adjustments, which are not carried forward`}
      </Figure>
      <Figure name={`Month end, ${stepWords(data.monthEnd)}`} value={landing(course.month, currency)} id="month-end">
        {course.month ? `80 %: ${band(course.month, currency)}` : `${course.why}.`}
      </Figure>
      <Figure name={`Quarter end, ${stepWords(data.quarterEnd)}`} value={landing(course.quarter, currency)} id="quarter-end">
        {course.quarter ? `80 %: ${band(course.quarter, currency)}` : `${course.why}.`}
      </Figure>
      <Figure name="Error of such forecasts" value={percent(course.test?.dayMape ?? null)} id="mape">
        {course.test ? tested(course.test) : 'The past is too short to try it on.'}
      </Figure>
    </Figures>
  );
}

/** How forecasts made in the past did, beside repeating the last week. */
function tested(test: BackTest): string {
  return (
    `Mean absolute error of a day (MAPE), ${test.folds} forecasts of ${test.horizonDays} days made in the past; last week again: ` +
    `${percent(test.naiveDayMape)}. Of the sum: ${percent(test.sumMape)} against ${percent(test.naiveSumMape)}. ` +
    `${percent(test.coverage, 0)} of days lay in the 80 % band.`
  );
}

const landing = (estimate: Estimate | null, currency: string) => (estimate ? money(estimate.expected, currency) : '–');
const band = (estimate: Estimate, currency: string) => `${money(estimate.lower80, currency)} – ${money(estimate.upper80, currency)}`;

function called(data: Answer, course: Course): string {
  return course.name === null ? (course.others ? 'All others' : 'All spend') : valueName(data.dimension, course.name);
}

function summary(data: Answer, course: Course): string {
  const currency = data.frame.currency;
  const month = course.month;
  return month
    ? `${called(data, course)}: ${money(course.monthToDate, currency)} this month so far, ${money(month.expected, currency)} expected by ${stepWords(data.monthEnd)} (80 %: ${band(month, currency)}).`
    : '';
}

function columns(data: Answer, currency: string): Column<Course>[] {
  return [
    { name: dimensionName(data.dimension), cell: (course) => (course === data.total ? <b>All spend</b> : called(data, course)) },
    { name: 'Month so far', num: true, cell: (course) => money(course.monthToDate, currency), exact: (course) => exact(course.monthToDate, currency) },
    { name: 'Month end', num: true, cell: (course) => landing(course.month, currency), exact: (course) => course.why ?? undefined },
    { name: '80 % band', num: true, cell: (course) => (course.month ? band(course.month, currency) : '–') },
    { name: 'Quarter end', num: true, cell: (course) => landing(course.quarter, currency) },
    { name: 'MAPE, day', num: true, title: 'Mean absolute error of a day in forecasts made in the past', cell: (course) => percent(course.test?.dayMape ?? null) },
    { name: 'Last week again', num: true, title: 'The same error of repeating the last week', cell: (course) => percent(course.test?.naiveDayMape ?? null) },
  ];
}
