package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.prices.PriceBookReport;
import dev.pareto.dashboards.prices.PriceBookView;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.VersionLint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Lays what models cost by the book beside what was paid for them. Blocks. */
final class ModelReport {

    private static final String STEP = "step_no";
    private static final int COMPARABLE = 400;

    private final LineReader lines;
    private final UseReader uses;

    ModelReport(LineReader lines) {
        this.lines = lines;
        this.uses = new UseReader(lines);
    }

    /**
     * @param of the model to open; null for none
     * @param instead at whose price its use is laid; null for none
     */
    ModelPrices read(Frame frame, Question question, @Nullable String of, @Nullable String instead, Surroundings known,
            Instant now) {
        Map<UseReader.Key, UseReader.Calls> calls = uses.calls(question);
        List<Bought> bought = lines.read(question, "vendor");
        Map<UseReader.Key, UseReader.Paid> paid = new HashMap<>();
        bought.forEach(line -> {
            var key = new UseReader.Key(line.model(), line.key().getFirst());
            paid.put(key, paid.getOrDefault(key, UseReader.Paid.NOTHING).plus(line));
        });
        paid.replaceAll((key, its) -> its.ofModel());
        UseReader.Calls total = calls.values().stream().reduce(UseReader.Calls.NONE, UseReader.Calls::plus);
        Map<String, SortedMap<Integer, Long>> latencies = uses.latencies(question);
        List<ModelPrices.Row> rows = new ArrayList<>();
        keys(question, calls.keySet(), known).forEach(key -> {
            UseReader.Calls its = calls.getOrDefault(key, UseReader.Calls.NONE);
            rows.add(row(key, its, its.use(paid.getOrDefault(key, UseReader.Paid.NOTHING)), total, latencies, known,
                    now, calls.keySet()));
        });
        rows.sort(Comparator.comparing((ModelPrices.Row row) -> row.use().spend().value())
                .thenComparingLong(row -> row.use().calls())
                .reversed()
                .thenComparing(ModelPrices.Row::model));
        return new ModelPrices(frame,
                total.use(paid.values().stream().reduce(UseReader.Paid.NOTHING, UseReader.Paid::plus)), rows,
                comparable(rows), of == null ? null : opened(question, of, instead, bought, known, now));
    }

    /** Models in use; and those of the configuration, where nothing is filtered. */
    private static Set<UseReader.Key> keys(Question question, Set<UseReader.Key> used, Surroundings known) {
        Set<UseReader.Key> keys = new LinkedHashSet<>(used);
        if (question.filters().isEmpty()) {
            known.served().forEach(model -> keys.add(new UseReader.Key(model.model(), model.vendor())));
        }
        return keys;
    }

    private static ModelPrices.Row row(UseReader.Key key, UseReader.Calls calls, ModelPrices.Use use,
            UseReader.Calls total, Map<String, SortedMap<Integer, Long>> latencies, Surroundings known, Instant now,
            Set<UseReader.Key> used) {
        String sku = known.sku().apply(key.model());
        Optional<PriceVersion> paid = known.prices().at(sku, PriceVersion.STANDARD, now);
        Optional<PriceVersion> list = paid.filter(version -> version.basis() == CostSource.CONTRACT)
                .flatMap(version -> known.prices().list(sku, PriceVersion.STANDARD, now));
        List<PriceBookView.Version> history = PriceBookReport.history(known.prices(), sku, now);
        Optional<Surroundings.Served> served = known.served()
                .stream()
                .filter(model -> model.model().equals(key.model()))
                .findFirst();
        return new ModelPrices.Row(key.model(), key.vendor(), sku, served.isPresent(),
                served.map(Surroundings.Served::open).orElse(null), view(history, paid), view(history, list), use,
                UseReader.share(calls.calls(), total.calls()), use.spend().shareOf(total.spend()),
                UseReader.quantile(latencies, key.model(), 0.5), UseReader.quantile(latencies, key.model(), 0.95),
                notes(key, sku, calls, paid, known, used));
    }

    private static PriceBookView.@Nullable Version view(List<PriceBookView.Version> history,
            Optional<PriceVersion> version) {
        return version
                .flatMap(it -> history.stream().filter(view -> view.id().equals(it.id())).findFirst())
                .orElse(null);
    }

    /** What the page must not hide: no price, a price that looks wrong, two names for one thing. */
    private static List<ModelPrices.Note> notes(UseReader.Key key, String sku, UseReader.Calls calls,
            Optional<PriceVersion> price, Surroundings known, Set<UseReader.Key> used) {
        List<ModelPrices.Note> notes = new ArrayList<>();
        if (calls.unpriced() > 0) {
            notes.add(new ModelPrices.Note("error", calls.unpriced() + " calls have no price; they are in no sum"));
        }
        if (price.isEmpty()) {
            notes.add(new ModelPrices.Note(calls.calls() > 0 ? "error" : "warning", "no price of " + sku
                    + " is in force"));
        }
        price.ifPresent(version -> VersionLint.check(version).forEach(finding -> notes.add(note(finding))));
        known.findings()
                .stream()
                .filter(finding -> finding.severity() != Finding.Severity.NOTE && about(finding.subject(), sku))
                .map(ModelReport::note)
                .filter(note -> !notes.contains(note))
                .forEach(notes::add);
        used.stream()
                .filter(other -> used.contains(key) && !other.model().equals(key.model())
                        && known.sku().apply(other.model()).equals(sku))
                .findFirst()
                .ifPresent(other -> notes.add(new ModelPrices.Note("note", "sold as " + sku + ", as is "
                        + other.model() + ", which is in use, too")));
        return notes;
    }

    /** A finding is about a thing sold, about one of its tiers or versions, or about a vendor's file. */
    private static boolean about(String subject, String sku) {
        return subject.equals(sku) || subject.startsWith(sku + ":");
    }

    private static ModelPrices.Note note(Finding finding) {
        return new ModelPrices.Note(finding.severity().id(), finding.message());
    }

    private static List<String> comparable(List<ModelPrices.Row> rows) {
        return rows.stream()
                .filter(row -> isByToken(row.price()))
                .map(ModelPrices.Row::model)
                .distinct()
                .sorted()
                .limit(COMPARABLE)
                .toList();
    }

    private static boolean isByToken(PriceBookView.@Nullable Version price) {
        return price != null && price.prices().stream().noneMatch(one -> one.bucket().equals(Buckets.GPU_SECOND));
    }

    private ModelPrices.Opened opened(Question question, String model, @Nullable String instead, List<Bought> all,
            Surroundings known, Instant now) {
        String sku = known.sku().apply(model);
        List<Bought> bought = all.stream().filter(line -> line.model().equals(model)).toList();
        List<PriceBookView.Version> history = PriceBookReport.history(known.prices(), sku, now);
        if (bought.isEmpty() && history.isEmpty()
                && known.served().stream().noneMatch(served -> served.model().equals(model))) {
            throw new IllegalArgumentException("there is no model '" + shown(model)
                    + "' in the books of this period, in the configuration or in the price book");
        }
        Steps steps = Steps.of(question.span(), question.zone());
        return new ModelPrices.Opened(model, sku, history, bought.stream().map(ModelReport::line).toList(),
                steps.names(), series(question.only(Dimension.MODEL, model), steps),
                instead == null ? null : WhatIfs.at(bought, instead, known, now));
    }

    /** On one line, and short. */
    static String shown(String typed) {
        String line = typed.replaceAll("\\p{Cntrl}", "?");
        return line.length() > 60 ? line.substring(0, 60) + "…" : line;
    }

    private static ModelPrices.Line line(Bought line) {
        var price = line.price();
        return new ModelPrices.Line(line.bucket().toLowerCase(Locale.ROOT), line.quantity(),
                price == null ? null : price.price().toPlainString(),
                price == null ? null : price.per().toPlainString(),
                line.priceVersion(), line.unpriced() == line.lines() ? null : line.cost(), line.knownList(),
                price == null ? null : new Amount(price.perMillion()));
    }

    private List<ModelPrices.Point> series(Question question, Steps steps) {
        List<UseReader.Paid> paid = new ArrayList<>();
        List<Amount> spend = new ArrayList<>();
        steps.names().forEach(step -> {
            paid.add(UseReader.Paid.NOTHING);
            spend.add(Amount.ZERO);
        });
        for (Bought line : lines.readSteps(question, steps.sql() + " AS " + STEP)) {
            int place = steps.place(Long.parseLong(line.key().getFirst()));
            paid.set(place, paid.get(place).plus(line));
            spend.set(place, spend.get(place).plus(line.cost()));
        }
        List<ModelPrices.Point> points = new ArrayList<>();
        for (int i = 0; i < paid.size(); i++) {
            UseReader.Paid it = paid.get(i).ofModel();
            points.add(new ModelPrices.Point(spend.get(i), it.tokens(), it.perMillion(), it.perMillionIn(),
                    it.perMillionOut()));
        }
        return points;
    }
}
