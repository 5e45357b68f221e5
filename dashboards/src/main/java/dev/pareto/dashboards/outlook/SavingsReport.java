package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.finance.FrameReport;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.savings.Measured;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import dev.pareto.dashboards.store.RoleSql;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what was saved: the model from the hourly sums, the measurement from the requests of the hold-out. Blocks. */
final class SavingsReport {

    private static final String ANSWERS = "role IN " + RoleSql.FACING;

    private final Reads reads;
    private final String book;
    private final FrameReport frames;
    private final HeldOut heldOut;
    private final SavingParts parts;

    SavingsReport(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
        this.frames = new FrameReport(reads, book);
        this.heldOut = new HeldOut(reads, book);
        this.parts = new SavingParts(reads, book);
    }

    Savings read(Question question, Instant now) {
        Map<String, Sums> routes = sums(question, question.span());
        String refusal = refusal(question);
        HeldOut.Found found = refusal == null ? heldOut.read(question) : null;
        Measured measured = found == null ? null : measured(found, question);
        Map<String, Measured.Difference> differences = new TreeMap<>();
        if (measured != null) {
            measured.routes().forEach(one -> differences.put(one.route(), one));
        }
        List<Savings.RouteSaving> rows = new ArrayList<>();
        routes.forEach((route, sums) -> rows.add(
                new Savings.RouteSaving(route, sums.modelled(), row(differences.get(route)))));
        rows.sort(Comparator.comparing((Savings.RouteSaving row) -> row.modelled().net().value())
                .reversed()
                .thenComparing(Savings.RouteSaving::route));
        return new Savings(frames.frame(question, now),
                routes.values().stream().reduce(Sums.NONE, Sums::plus).modelled(), parts.read(question), rows,
                measured == null || found == null ? null : saving(measured, found, question),
                refusal != null ? refusal : measured != null ? null : nothing(found));
    }

    private static @Nullable String refusal(Question question) {
        return question.filters()
                .stream()
                .map(filter -> filter.dimension())
                .filter(dimension -> !dimension.equals(Dimension.ROUTE) && !dimension.equals(Dimension.TENANT))
                .findFirst()
                .map(dimension -> "chance divides whole requests, not their calls; without the filter by "
                        + dimension.id() + " there may be something to measure")
                .orElse(null);
    }

    private static String nothing(HeldOut.@Nullable Found found) {
        return found == null || found.since() == null
                ? "no request of this period was held out; give a route 'hold-out: 2 %' to leave that share, chosen at "
                        + "random, with its baseline"
                : "too few were held out so far; each side of a route needs " + Measured.MIN_UNITS
                        + " users or requests";
    }

    private @Nullable Measured measured(HeldOut.Found found, Question question) {
        if (found.since() == null) {
            return null;
        }
        Map<String, Sums> since = sums(question, since(found.since(), question));
        List<Measured.Stratum> strata = new ArrayList<>();
        found.units().forEach((route, units) -> {
            long requests = since.getOrDefault(route, Sums.NONE).requests();
            long held = found.held().getOrDefault(route, 0L);
            strata.add(new Measured.Stratum(route, units, Math.max(0, requests - held)));
        });
        return Measured.of(strata);
    }

    private Savings.MeasuredSaving saving(Measured measured, HeldOut.Found found, Question question) {
        Instant since = Objects.requireNonNull(found.since());
        Map<String, Sums> sums = sums(question, since(since, question));
        Amount modelled = measured.routes()
                .stream()
                .map(route -> sums.getOrDefault(route.route(), Sums.NONE).modelled().net())
                .reduce(Amount.ZERO, Amount::plus);
        Amount saved = Estimate.rounded(measured.saved());
        return new Savings.MeasuredSaving(since, saved, Estimate.rounded(measured.lower()),
                Estimate.rounded(measured.upper()), saved.shareOf(Estimate.rounded(measured.withoutGateway())),
                modelled, found.delivered(), found.unpriced(),
                measured.routes().stream().mapToLong(Measured.Difference::heldRequests).sum(),
                measured.routes().stream().mapToLong(Measured.Difference::comparedRequests).sum());
    }

    private static Span since(Instant first, Question question) {
        Instant hour = first.truncatedTo(ChronoUnit.HOURS);
        return new Span(hour.isAfter(question.span().from()) ? hour : question.span().from(), question.span().to());
    }

    private static Savings.@Nullable MeasuredRoute row(Measured.@Nullable Difference it) {
        return it == null
                ? null
                : new Savings.MeasuredRoute(it.heldUnits(), it.heldRequests(), it.comparedUnits(),
                        it.comparedRequests(), Estimate.rounded(it.heldCost()), Estimate.rounded(it.comparedCost()),
                        it.requests(), Estimate.rounded(it.saved()), Estimate.rounded(it.lower()),
                        Estimate.rounded(it.upper()));
    }

    private Map<String, Sums> sums(Question question, Span span) {
        Slice slice = Slice.of(question.by(Dimension.ROUTE), span);
        Map<String, Sums> routes = new LinkedHashMap<>();
        slice.query(reads,
                from -> "SELECT route, SUM(requests) AS requests, " + money(answering("baseline_pico"), "baseline")
                        + ", " + money(answering("compared_pico"), "compared") + ", "
                        + money("CASE WHEN " + ANSWERS + " THEN 0 ELSE cost_pico END", "overhead") + ", "
                        + money(answering("cost_pico"), "answers") + " FROM " + from
                        + " GROUP BY route")
                .param("book", book)
                .each(row -> {
                    routes.merge(row.getString("route"), new Sums(row.getLong("requests"), amount(row, "baseline"),
                            amount(row, "compared"), amount(row, "overhead"), amount(row, "answers")), Sums::plus);
                });
        return routes;
    }

    private static String answering(String column) {
        return "CASE WHEN " + ANSWERS + " THEN " + column + " ELSE 0 END";
    }

    private String money(String column, String name) {
        return reads.sumWhere("currency = :book", column, name);
    }

    private static Amount amount(Row row, String name) {
        return new Amount(Picos.sum(row, name));
    }

    /** @param answers what all calls that may answer a caller cost, compared or not */
    private record Sums(long requests, Amount baseline, Amount compared, Amount overhead, Amount answers) {

        static final Sums NONE = new Sums(0, Amount.ZERO, Amount.ZERO, Amount.ZERO, Amount.ZERO);

        Sums plus(Sums other) {
            return new Sums(requests + other.requests, baseline.plus(other.baseline), compared.plus(other.compared),
                    overhead.plus(other.overhead), answers.plus(other.answers));
        }

        Savings.Modelled modelled() {
            Amount net = baseline.minus(compared).minus(overhead);
            return new Savings.Modelled(baseline, compared, overhead, net, net.shareOf(baseline),
                    answers.minus(compared));
        }
    }
}
