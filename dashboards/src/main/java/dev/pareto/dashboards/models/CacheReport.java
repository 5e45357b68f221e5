package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lays what caches read and wrote beside what the same tokens cost fresh. Blocks. */
final class CacheReport {

    private static final String STEP = "step_no";
    private static final int OFFENDERS = 12;
    /** The shortest prompt that vendors cache. */
    private static final long LONG_PROMPT = 1_024;
    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final LineReader lines;

    CacheReport(LineReader lines) {
        this.lines = lines;
    }

    Caches read(Frame frame, Question question, Surroundings known, Instant now) {
        Dimension by = question.groupBy().getFirst();
        if (by.isTag()) {
            throw new IllegalArgumentException(
                    "by tag, only calls, tokens and money are kept; divide caches by model, route, tenant, vendor or role");
        }
        List<Bought> bought = lines.read(question.by(by, Dimension.ROUTE), by.column(), "route");
        FreshPrices fresh = new FreshPrices(known.prices(), bought);
        Set<String> writers = bought.stream()
                .filter(line -> FreshPrices.isWritten(line.bucket()) && line.cost().value().signum() > 0)
                .map(Bought::model)
                .collect(Collectors.toUnmodifiableSet());
        Map<String, Tally> rows = new TreeMap<>();
        Map<List<String>, Tally> pairs = new LinkedHashMap<>();
        Tally total = new Tally();
        for (Bought line : bought) {
            total.add(line, fresh, writers);
            rows.computeIfAbsent(line.key().getFirst(), value -> new Tally()).add(line, fresh, writers);
            pairs.computeIfAbsent(List.of(line.key().getLast(), line.model()), pair -> new Tally())
                    .add(line, fresh, writers);
        }
        Steps steps = Steps.of(question.span(), question.zone());
        return new Caches(frame, by, total.value(), steps.names(), series(question, steps, fresh, writers),
                rows.entrySet()
                        .stream()
                        .map(row -> new Caches.Row(row.getKey(), row.getValue().value()))
                        .filter(row -> row.worth().fresh().signum() != 0 || row.worth().read().signum() != 0)
                        .sorted(Comparator.comparing((Caches.Row row) -> row.worth().net().value().abs())
                                .reversed()
                                .thenComparing(Caches.Row::value))
                        .toList(),
                answers(question), known.engines(), offenders(question, pairs, known, now));
    }

    /** Adds up tokens and their worth; for one thread. */
    private static final class Tally {

        private BigDecimal fresh = BigDecimal.ZERO;
        private BigDecimal read = BigDecimal.ZERO;
        private BigDecimal written = BigDecimal.ZERO;
        private BigDecimal unknown = BigDecimal.ZERO;
        private Amount freshCost = Amount.ZERO;
        private Amount saved = Amount.ZERO;
        private Amount extra = Amount.ZERO;
        /** Of models whose writes cost extra: only these have something to earn back. */
        private BigDecimal readOfWriters = BigDecimal.ZERO;
        private Amount savedOfWriters = Amount.ZERO;

        void add(Bought line, FreshPrices prices, Set<String> writers) {
            if (FreshPrices.isFresh(line.bucket())) {
                fresh = fresh.add(line.quantity());
                freshCost = freshCost.plus(line.cost());
                return;
            }
            boolean isRead = FreshPrices.isRead(line.bucket());
            if (!isRead && !FreshPrices.isWritten(line.bucket())) {
                return;
            }
            read = isRead ? read.add(line.quantity()) : read;
            written = isRead ? written : written.add(line.quantity());
            Amount more = prices.of(line)
                    .map(price -> Bought.at(price, line.quantity()).minus(line.cost()))
                    .orElse(null);
            if (more == null) {
                unknown = unknown.add(line.quantity());
            } else if (isRead) {
                saved = saved.plus(more);
                if (writers.contains(line.model())) {
                    readOfWriters = readOfWriters.add(line.quantity());
                    savedOfWriters = savedOfWriters.plus(more);
                }
            } else {
                extra = extra.minus(more);
            }
        }

        BigDecimal prompts() {
            return fresh.add(read).add(written);
        }

        @Nullable
        BigDecimal hitRatio() {
            return Bought.share(read, prompts());
        }

        Caches.Value value() {
            return new Caches.Value(fresh, read, written, hitRatio(), saved, extra, saved.minus(extra), unknown,
                    Bought.share(readOfWriters, written), breakEven());
        }

        /** What a written token costs more, over what a read one costs less. */
        private @Nullable BigDecimal breakEven() {
            return extra.value().signum() <= 0 || savedOfWriters.value().signum() <= 0
                    ? null
                    : extra.value()
                            .multiply(readOfWriters)
                            .divide(savedOfWriters.value().multiply(written), 4, RoundingMode.HALF_EVEN);
        }

        Caches.Point point() {
            return new Caches.Point(fresh, read, written, hitRatio(), saved.minus(extra));
        }
    }

    private List<Caches.Point> series(Question question, Steps steps, FreshPrices fresh,
            Set<String> writers) {
        List<Tally> points = new ArrayList<>();
        steps.names().forEach(name -> points.add(new Tally()));
        for (Bought line : lines.readSteps(question, steps.sql() + " AS " + STEP)) {
            points.get(steps.place(Long.parseLong(line.key().getFirst()))).add(line, fresh, writers);
        }
        return points.stream().map(Tally::point).toList();
    }

    private Caches.Answers answers(Question question) {
        Map<String, Caches.RouteAnswers> routes = new TreeMap<>();
        lines.query(Slice.hours(question.by(Dimension.ROUTE), question.span()),
                from -> "SELECT route, SUM(CASE WHEN role = 'CACHE_HIT' THEN attempts ELSE 0 END) AS hits,"
                        + " SUM(requests) AS requests, "
                        + lines.sumWhere("currency = :book AND role = 'CACHE_HIT'", "baseline_pico - compared_pico",
                                "avoided")
                        + " FROM " + from + " GROUP BY route")
                .each(row -> {
                    routes.merge(row.getString("route"),
                            new Caches.RouteAnswers(row.getString("route"), row.getLong("hits"),
                                    row.getLong("requests"), null, LineReader.amount(row, "avoided")),
                            CacheReport::together);
                });
        List<Caches.RouteAnswers> hit = routes.values()
                .stream()
                .filter(route -> route.hits() > 0)
                .map(route -> new Caches.RouteAnswers(route.route(), route.hits(), route.requests(),
                        share(route.hits(), route.requests()), route.avoided()))
                .sorted(Comparator.comparingLong(Caches.RouteAnswers::hits).reversed())
                .toList();
        long requests = routes.values().stream().mapToLong(Caches.RouteAnswers::requests).sum();
        long hits = hit.stream().mapToLong(Caches.RouteAnswers::hits).sum();
        return new Caches.Answers(hits, requests, share(hits, requests),
                hit.stream().map(Caches.RouteAnswers::avoided).reduce(Amount.ZERO, Amount::plus), hit);
    }

    private static Caches.RouteAnswers together(Caches.RouteAnswers one, Caches.RouteAnswers other) {
        return new Caches.RouteAnswers(one.route(), one.hits() + other.hits(), one.requests() + other.requests(), null,
                one.avoided().plus(other.avoided()));
    }

    private static @Nullable BigDecimal share(long part, long whole) {
        return Bought.share(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    }

    private List<Caches.Offender> offenders(Question question, Map<List<String>, Tally> pairs, Surroundings known,
            Instant now) {
        Map<List<String>, Long> calls = calls(question);
        List<Caches.Offender> found = new ArrayList<>();
        pairs.forEach((pair, tally) -> {
            long count = calls.getOrDefault(pair, 0L);
            BigDecimal ratio = tally.hitRatio();
            if (count == 0 || ratio == null || ratio.compareTo(HALF) >= 0) {
                return;
            }
            long prompt = tally.prompts().divide(BigDecimal.valueOf(count), 0, RoundingMode.HALF_EVEN).longValueExact();
            Map<String, UnitPrice> prices = known.prices()
                    .at(known.sku().apply(pair.getLast()), PriceVersion.STANDARD, now)
                    .<Map<String, UnitPrice>>map(version -> version.bands().getFirst().prices())
                    .orElse(new HashMap<>());
            UnitPrice fresh = prices.get(Buckets.INPUT);
            UnitPrice read = prices.get(Buckets.CACHE_READ);
            if (prompt < LONG_PROMPT || fresh == null || read == null
                    || fresh.perMillion().compareTo(read.perMillion()) <= 0) {
                return;
            }
            BigDecimal tenth = tally.fresh.movePointLeft(1);
            found.add(new Caches.Offender(pair.getFirst(), pair.getLast(), count, prompt, ratio, tally.fresh,
                    tally.freshCost, new Amount(fresh.perMillion()), new Amount(read.perMillion()),
                    Bought.at(fresh, tenth).minus(Bought.at(read, tenth))));
        });
        return found.stream()
                .sorted(Comparator.comparing((Caches.Offender one) -> one.tenth().value())
                        .reversed()
                        .thenComparing(Caches.Offender::route)
                        .thenComparing(Caches.Offender::model))
                .limit(OFFENDERS)
                .toList();
    }

    /** Calls that read a prompt, by route and model. */
    private Map<List<String>, Long> calls(Question question) {
        Map<List<String>, Long> calls = new HashMap<>();
        lines.query(Slice.hours(question.by(Dimension.ROUTE), question.span()),
                from -> "SELECT route, model, SUM(attempts) AS calls FROM " + from
                        + " AND input_tokens > 0 AND currency IN (:book, '') GROUP BY route, model")
                .each(row -> {
                    calls.merge(List.of(row.getString("route"), row.getString("model")), row.getLong("calls"),
                            Long::sum);
                });
        return calls;
    }

}
