package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.finance.FrameReport;
import dev.pareto.dashboards.forecast.BackTests;
import dev.pareto.dashboards.forecast.Projection;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Reads;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Forecasts from up to half a year of daily sums, whatever period a question names. Blocks, and computes for some tenths of a second. */
final class ForecastReport {

    private static final int HISTORY_DAYS = 182;
    private static final int SHOWN_DAYS = 56;
    private static final int MOST_PARTS = 8;
    private static final int PATHS = 1_000;
    private static final long SEED = 6;
    private static final int LEAST_DAYS = 21;

    private final BackTests tests = new BackTests(SEED);
    private final DailySpend spend;
    private final FrameReport frames;

    ForecastReport(Reads reads, String book) {
        this.spend = new DailySpend(reads, book);
        this.frames = new FrameReport(reads, book);
    }

    Forecast read(Question question, Instant now) {
        Calendar calendar = Calendar.of(now, question.zone());
        Dimension dimension = question.groupBy().isEmpty() ? Dimension.VENDOR : question.groupBy().getFirst();
        Span history = calendar.history(question.zone(), now);
        int days = HISTORY_DAYS + 1;
        Map<String, List<Amount>> parts = spend.by(dimension, question, history);
        Map<String, List<Amount>> adjusted = spend.adjustments(dimension, question, history);
        if (dimension.ofAdjustments()) {
            adjusted.keySet().forEach(value -> parts.computeIfAbsent(value, name -> none(days)));
        }
        List<Map.Entry<String, List<Amount>>> dearest = parts.entrySet()
                .stream()
                .sorted(Comparator.comparing((Map.Entry<String, List<Amount>> part) -> recent(part.getValue()).value())
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        List<Forecast.Course> courses = new ArrayList<>();
        dearest.stream()
                .limit(MOST_PARTS)
                .forEach(part -> courses.add(
                        course(part.getKey(), false, part.getValue(),
                                dimension.ofAdjustments()
                                        ? adjusted.getOrDefault(part.getKey(), none(days))
                                        : none(days),
                                calendar)));
        if (dearest.size() > MOST_PARTS) {
            List<Map.Entry<String, List<Amount>>> others = dearest.subList(MOST_PARTS, dearest.size());
            List<Amount> rest = DailySpend.sum(others.stream().map(Map.Entry::getValue).toList(), days);
            List<Amount> restAdjusted = dimension.ofAdjustments()
                    ? DailySpend.sum(others.stream()
                            .map(part -> adjusted.getOrDefault(part.getKey(), none(days)))
                            .toList(), days)
                    : none(days);
            courses.add(course(null, true, rest, restAdjusted, calendar));
        }
        // By a tag, calls without it are in no part: the total is asked for by itself.
        List<Amount> all = DailySpend.sum((dimension.isTag() && !question.filtersByTag()
                ? spend.by(Dimension.VENDOR, question.by(), history)
                : parts).values(), days);
        return new Forecast(frames.frame(question, now), calendar.today(), calendar.monthEnd(), calendar.quarterEnd(),
                calendar.today().minusDays(SHOWN_DAYS), dimension,
                course(null, false, all, DailySpend.sum(adjusted.values(), days), calendar), courses);
    }

    private static List<Amount> none(int days) {
        return Collections.nCopies(days, Amount.ZERO);
    }

    /**
     * @param days of the history and of today, what calls cost
     * @param adjusted of the same days, what was booked beside calls: it is spent, but no pattern that goes on
     */
    private Forecast.Course course(@Nullable String name, boolean others, List<Amount> days, List<Amount> adjusted,
            Calendar calendar) {
        double[] whole = days.subList(0, HISTORY_DAYS).stream().mapToDouble(day -> day.value().doubleValue()).toArray();
        int begins = IntStream.range(0, whole.length).filter(day -> whole[day] > 0).findFirst().orElse(whole.length);
        double[] known = Arrays.copyOfRange(whole, begins, whole.length);
        Amount today = days.getLast();
        int month = calendar.today().getDayOfMonth() - 1;
        int quarter = (int) ChronoUnit.DAYS.between(calendar.quarterStart(), calendar.today());
        Amount adjustments = DailySpend.sum(adjusted.subList(HISTORY_DAYS - month, adjusted.size()));
        Amount monthSoFar = DailySpend.sum(days.subList(HISTORY_DAYS - month, HISTORY_DAYS)).plus(adjustments);
        Amount quarterSoFar = DailySpend.sum(days.subList(HISTORY_DAYS - quarter, HISTORY_DAYS))
                .plus(DailySpend.sum(adjusted.subList(HISTORY_DAYS - quarter, adjusted.size())));
        List<Amount> shown = days.subList(HISTORY_DAYS - SHOWN_DAYS, days.size());
        if (known.length < LEAST_DAYS) {
            return new Forecast.Course(name, others, monthSoFar.plus(today), adjustments, null, null,
                    known.length + " whole days of spend are too few to tell a trend from a week; a forecast needs "
                            + LEAST_DAYS,
                    null, shown, List.of());
        }
        int monthDays = (int) ChronoUnit.DAYS.between(calendar.today(), calendar.monthEnd()) + 1;
        int quarterDays = (int) ChronoUnit.DAYS.between(calendar.today(), calendar.quarterEnd()) + 1;
        Projection projection = Projection.of(known, quarterDays, PATHS, SEED);
        double spent = today.value().doubleValue();
        return new Forecast.Course(name, others, monthSoFar.plus(today), adjustments,
                Estimate.of(projection.sum(monthDays, spent), monthSoFar),
                Estimate.of(projection.sum(quarterDays, spent), quarterSoFar), null, tests.of(known), shown,
                IntStream.range(0, quarterDays)
                        .mapToObj(day -> Estimate.of(projection.day(day), Amount.ZERO))
                        .toList());
    }

    private static Amount recent(List<Amount> days) {
        return DailySpend.sum(days.subList(days.size() - 29, days.size()));
    }

    /** Where today lies. */
    record Calendar(LocalDate today, LocalDate monthEnd, LocalDate quarterStart, LocalDate quarterEnd) {

        static Calendar of(Instant now, ZoneId zone) {
            LocalDate today = LocalDate.ofInstant(now, zone);
            LocalDate quarter = today.with(IsoFields.DAY_OF_QUARTER, 1);
            return new Calendar(today, today.with(TemporalAdjusters.lastDayOfMonth()), quarter,
                    quarter.plusMonths(3).minusDays(1));
        }

        /** The days before today that forecasts rest on, and what has passed of today. */
        Span history(ZoneId zone, Instant now) {
            Instant hour = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
            return new Span(today.minusDays(HISTORY_DAYS).atStartOfDay(zone).toInstant(), hour);
        }
    }
}
