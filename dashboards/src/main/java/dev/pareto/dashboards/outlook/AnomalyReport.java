package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.anomaly.Cause;
import dev.pareto.dashboards.anomaly.Cell;
import dev.pareto.dashboards.anomaly.Detector;
import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.finance.FrameReport;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Searches the hourly sums of a period for odd hours: of all spend, of each tenant and of each route. Blocks, and computes. */
final class AnomalyReport {

    private static final double TOLERANCE = 5;
    /** An excess below this part of a usual day is left out. */
    private static final double LEAST_OF_A_DAY = 0.01;
    private static final int WEEKS_BEFORE = 8;
    private static final int USUAL_WEEKS = 4;
    private static final int MOST_SCOPES = 60;
    private static final int MOST_INCIDENTS = 40;
    /** Incidents at one time whose excesses are about as large are taken for one. */
    private static final double ALIKE = 0.6;

    private final Reads reads;
    private final String book;
    private final FrameReport frames;
    private final AnomalyMarks marks;

    AnomalyReport(Reads reads, AnomalyMarks marks, String book) {
        this.marks = marks;
        this.reads = reads;
        this.book = book;
        this.frames = new FrameReport(reads, book);
    }

    private record Scope(@Nullable Dimension dimension, String value) {}

    private record Found(Scope scope, Detector.Incident incident, List<String> alsoIn) {}

    /** Days about an incident that its chart shows. */
    private static final int DAYS_BEFORE = 14;
    private static final int DAYS_AFTER = 3;
    private static final int MOST_DAYS = 60;

    Anomalies read(Question question, Instant now) {
        Instant end = end(question, now);
        Instant start = start(question);
        int hours = (int) Math.max(0, Duration.between(start, end).toHours());
        Lines read = lines(question, start, hours);
        Map<Scope, long[]> lines = read.each();
        Scope whole = new Scope(null, "");
        long[] all = lines.getOrDefault(whole, new long[hours]);
        int begins = first(all);
        int from = Math.max((int) Duration.between(start, question.span().from()).toHours(),
                begins + Detector.LEARNING_WEEKS * 168);
        double least = LEAST_OF_A_DAY * usualDay(all, begins);
        List<Found> found = new ArrayList<>();
        lines.forEach((scope, line) -> {
            double[] amounts = amounts(line);
            Detector detector = Detector.fitting(amounts, first(line), TOLERANCE,
                    Math.max(least, Picos.toAmount(1).doubleValue()));
            int hoursPerStep = detector.hoursPerStep();
            int since = Math.max(from, first(line) + Detector.LEARNING_WEEKS * 168);
            detector.incidents(detector.steps(amounts), (since + hoursPerStep - 1) / hoursPerStep)
                    .forEach(incident -> found.add(new Found(scope, incident.times(hoursPerStep), new ArrayList<>())));
        });
        List<AnomalyMark> marked = marks.between(start, end.plus(Duration.ofDays(1)));
        List<Found> distinct = distinct(found);
        List<Anomalies.Incident> incidents = distinct.stream()
                .limit(MOST_INCIDENTS)
                .map(one -> incident(one, lines.getOrDefault(one.scope(), all), question, start, marked, now))
                .toList();
        return new Anomalies(frames.frame(question, now), lines.size(), read.unwatched(),
                from >= hours ? null : start.plus(Duration.ofHours(from)), TOLERANCE, Estimate.rounded(least),
                incidents.stream().map(Anomalies.Incident::excess).reduce(Amount.ZERO, Amount::plus),
                (int) incidents.stream().filter(one -> one.state() == AnomalyMark.State.OPEN).count(),
                Math.max(0, distinct.size() - MOST_INCIDENTS), incidents);
    }

    private static Instant end(Question question, Instant now) {
        return question.span().to().isAfter(now) ? now.truncatedTo(ChronoUnit.HOURS) : question.span().to();
    }

    private static Instant start(Question question) {
        return question.span().from().minus(Duration.ofDays(7L * WEEKS_BEFORE)).truncatedTo(ChronoUnit.DAYS);
    }

    /**
     * One line of spend about an incident of the same question.
     *
     * @param from the incident's first hour
     * @param to the hour after its last
     * @throws IllegalArgumentException when the question has no such line
     */
    AnomalySeries series(Question question, Instant now, Instant from, Instant to, @Nullable Dimension dimension,
            String value) {
        Instant start = start(question);
        int hours = (int) Math.max(0, Duration.between(start, end(question, now)).toHours());
        long[] line = lines(question, start, hours).each().get(new Scope(dimension, value));
        if (line == null || from.isBefore(start) || !to.isAfter(from)
                || Duration.between(from, to).toDays() > MOST_DAYS) {
            throw new IllegalArgumentException("there is no line of spend '" + value + "' at " + from
                    + " in this period; ask with the period and the filters of the list");
        }
        double[] amounts = amounts(line);
        Detector detector = Detector.fitting(amounts, first(line), TOLERANCE, Double.MIN_VALUE);
        int length = detector.hoursPerStep();
        double[] all = detector.steps(amounts);
        // a line whose first weeks are empty is judged from its own beginning on, as in the list
        int known = (first(line) + Detector.LEARNING_WEEKS * 168 + length - 1) / length;
        int first = Math.max(0, (int) Duration.between(start, from).toHours() / length - DAYS_BEFORE * 24 / length);
        int last = Math.min(all.length,
                (int) Duration.between(start, to).toHours() / length + 1 + DAYS_AFTER * 24 / length);
        List<Detector.@Nullable Band> bands = detector.bands(all, first, last);
        List<AnomalySeries.Step> steps = new ArrayList<>();
        for (int i = first; i < last; i++) {
            Detector.Band band = i < known ? null : bands.get(i - first);
            steps.add(step(start.plus(Duration.ofHours((long) i * length)), sum(line, i * length, (i + 1) * length),
                    band));
        }
        return new AnomalySeries(frames.frame(question, now), length, dimension == null ? null : dimension.id(),
                dimension == null ? null : value, steps);
    }

    private static AnomalySeries.Step step(Instant at, Amount actual, Detector.@Nullable Band band) {
        return band == null
                ? new AnomalySeries.Step(at, actual, null, null, null)
                : new AnomalySeries.Step(at, actual, Estimate.rounded(band.lower()),
                        Estimate.rounded(band.expected()), Estimate.rounded(band.upper()));
    }

    private static Amount sum(long[] line, int from, int to) {
        return new Amount(Arrays.stream(line, from, Math.min(to, line.length))
                .mapToObj(Picos::toAmount)
                .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    /** The same money seen from several sides is told once, from the narrowest: a tenant's before a route's before all. */
    private static List<Found> distinct(List<Found> found) {
        List<Found> kept = new ArrayList<>();
        found.stream()
                .sorted(Comparator.comparingInt(AnomalyReport::width)
                        .thenComparing(Comparator.comparingDouble((Found it) -> it.incident().excess()).reversed())
                        .thenComparing(it -> it.scope().value()))
                .forEach(it -> kept.stream()
                        .filter(other -> same(other, it))
                        .findFirst()
                        .ifPresentOrElse(other -> other.alsoIn().add(name(it.scope())), () -> kept.add(it)));
        kept.sort(Comparator.comparingDouble((Found it) -> it.incident().excess()).reversed());
        return kept;
    }

    private static int width(Found found) {
        Dimension dimension = found.scope().dimension();
        return dimension == null ? 2 : dimension.equals(Dimension.TENANT) ? 0 : 1;
    }

    private static boolean same(Found one, Found other) {
        if (Objects.equals(one.scope().dimension(), other.scope().dimension())) {
            return false;
        }
        boolean together = one.incident().from() < other.incident().to()
                && other.incident().from() < one.incident().to();
        double less = Math.min(one.incident().excess(), other.incident().excess());
        return together && less >= ALIKE * Math.max(one.incident().excess(), other.incident().excess());
    }

    private Anomalies.Incident incident(Found found, long[] line, Question question, Instant start,
            List<AnomalyMark> marked, Instant now) {
        Detector.Incident it = found.incident();
        Span span = new Span(start.plus(Duration.ofHours(it.from())), start.plus(Duration.ofHours(it.to())));
        Dimension dimension = found.scope().dimension();
        Question about = dimension == null ? question : question.only(dimension, found.scope().value());
        Cause cause = Cause.of(cells(about, span, 1), usual(about, span, (it.from() - first(line)) / 168));
        Amount exact = sum(line, it.from(), it.to());
        // an incident that grew since it was marked is still the same
        List<AnomalyMark> own = marked.stream()
                .filter(mark -> mark.scope().equals(dimension == null ? "" : dimension.id())
                        && mark.value().equals(found.scope().value()))
                .filter(mark -> !mark.from().isBefore(span.from()) && mark.from().isBefore(span.to()))
                .toList();
        Amount expected = Estimate.rounded(it.expected());
        return new Anomalies.Incident(span.from(), span.to(), dimension == null ? null : dimension.id(),
                dimension == null ? null : found.scope().value(), exact, expected, Estimate.rounded(it.upper()),
                exact.minus(expected), it.score(), cause, sentence(cause), found.alsoIn(),
                own.isEmpty() ? AnomalyMark.State.OPEN : own.getLast().state(now), own);
    }

    /** @param unwatched tenants and routes beyond the dearest, which are in the line of all spend alone */
    private record Lines(Map<Scope, long[]> each, int unwatched) {}

    private Lines lines(Question question, Instant start, int hours) {
        Span span = new Span(start, start.plus(Duration.ofHours(hours)));
        List<String> tenants = dearest(question, Dimension.TENANT, span);
        List<String> routes = dearest(question, Dimension.ROUTE, span);
        Map<Scope, long[]> lines = new HashMap<>();
        Set<String> tenantsShown = Set.copyOf(tenants.subList(0, Math.min(MOST_SCOPES, tenants.size())));
        Set<String> routesShown = Set.copyOf(routes.subList(0, Math.min(MOST_SCOPES, routes.size())));
        Slice slice = Slice.spendEachHour(question.by(), span);
        long[] all = new long[hours];
        // a line as one text: a row for each of its hours, a hundred thousand and more, costs several times as much to hand over
        slice.query(reads, from -> "SELECT tenant, route, string_agg(CAST((hour_us - :start) / " + Micros.HOUR
                + " AS TEXT) || ':' || CAST(cost_pico AS TEXT), ' ') AS costs FROM " + from
                + " AND currency = :book GROUP BY tenant, route")
                .param("start", Micros.of(start))
                .param("book", book)
                .each(row -> {
                    List<long[]> sums = new ArrayList<>(List.of(all));
                    String tenant = row.getString("tenant");
                    String route = row.getString("route");
                    if (tenantsShown.contains(tenant)) {
                        sums.add(line(lines, new Scope(Dimension.TENANT, tenant), hours));
                    }
                    if (routesShown.contains(route)) {
                        sums.add(line(lines, new Scope(Dimension.ROUTE, route), hours));
                    }
                    for (String cost : row.getString("costs").split(" ", -1)) {
                        int colon = cost.indexOf(':');
                        int hour = Integer.parseInt(cost, 0, colon, 10);
                        long picos = Long.parseLong(cost, colon + 1, cost.length(), 10);
                        sums.forEach(line -> line[hour] += picos);
                    }
                });
        if (!tenants.isEmpty()) {
            lines.put(new Scope(null, ""), all);
        }
        return new Lines(lines, tenants.size() - tenantsShown.size() + routes.size() - routesShown.size());
    }

    private static long[] line(Map<Scope, long[]> scopes, Scope scope, int hours) {
        return scopes.computeIfAbsent(scope, one -> new long[hours]);
    }

    /** All values of a dimension, the dearest first. */
    private List<String> dearest(Question question, Dimension dimension, Span span) {
        Map<String, BigDecimal> spend = new HashMap<>();
        String column = dimension.column();
        Slice slice = Slice.spend(question.by(dimension), span);
        slice.query(reads, from -> "SELECT " + column + " AS value, "
                + reads.sumWhere("currency = :book", "cost_pico", "cost") + " FROM " + from
                + " AND currency = :book GROUP BY " + column)
                .param("book", book)
                .each(row -> {
                    spend.merge(row.getString("value"),
                            Picos.sum(row, "cost"), BigDecimal::add);
                });
        return spend.entrySet()
                .stream()
                .sorted(Map.Entry.<String, BigDecimal>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The mean of the same hours in the weeks before.
     *
     * @param known whole weeks since the line of spend began; those before it tell nothing
     */
    private List<Cell> usual(Question question, Span span, int known) {
        List<Cell> cells = new ArrayList<>();
        int weeks = Math.clamp(known, 1, USUAL_WEEKS);
        for (int week = 1; week <= weeks; week++) {
            Duration back = Duration.ofDays(7L * week);
            cells.addAll(cells(question, new Span(span.from().minus(back), span.to().minus(back)), weeks));
        }
        return cells;
    }

    private List<Cell> cells(Question question, Span span, int weeks) {
        Slice slice = Slice.eachHour(question.by(), span);
        return slice.query(reads,
                from -> "SELECT tenant, route, model, role, SUM(requests) AS requests, SUM(attempts) AS attempts,"
                        + " SUM(input_tokens + output_tokens) AS tokens, SUM(cost_pico) AS cost FROM " + from
                        + " AND currency = :book GROUP BY tenant, route, model, role")
                .param("book", book)
                .list(row -> new Cell(
                        Map.of("tenant", row.getString("tenant"), "route", row.getString("route"), "model",
                                row.getString("model"), "role", row.getString("role")),
                        (double) row.getLong("requests") / weeks, (double) row.getLong("attempts") / weeks,
                        (double) row.getLong("tokens") / weeks,
                        Picos.toAmount(row.getLong("cost")).doubleValue() / weeks));
    }

    /** E.g. {@code tenant search explains 96 %: 6.1 times the usual requests}. */
    private static String sentence(Cause cause) {
        Cause.Part most = cause.factors()
                .stream()
                .filter(part -> part.factor() == cause.what())
                .findFirst()
                .orElseThrow();
        String what = switch (cause.what()) {
            case REQUESTS -> "requests";
            case CALLS_PER_REQUEST -> "calls for each request";
            case TOKENS_PER_CALL -> "tokens for each call";
            case PRICE_PER_TOKEN -> "cost of a token";
        };
        String how = most.ratio() == null
                ? "nothing like it in the weeks before"
                : String.format(Locale.ROOT, "%.1f times the usual %s", most.ratio(), what);
        Cause.Place where = cause.where();
        return where == null
                ? how
                : "%s %s explains %d %%: %s".formatted(where.dimension(), where.value(),
                        Math.round(100 * Math.min(1, where.share())), how);
    }

    private static String name(Scope scope) {
        return scope.dimension() == null ? "all spend" : scope.dimension().id() + " " + scope.value();
    }

    private static int first(long[] hours) {
        for (int i = 0; i < hours.length; i++) {
            if (hours[i] > 0) {
                return i;
            }
        }
        return hours.length;
    }

    private static double usualDay(long[] hours, int begins) {
        return hours.length == begins
                ? 0
                : Arrays.stream(amounts(hours), begins, hours.length).sum() / (hours.length - begins) * 24;
    }

    private static double[] amounts(long[] picos) {
        return Arrays.stream(picos).mapToDouble(one -> one * 1e-12).toArray();
    }
}
