package dev.pareto.evals.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Wilson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run, for people and for scripts.
 *
 * @param run what happened
 * @param examples how many failures to show
 * @param keyed whether anything says what is right; without, a share is of answers that pass the checks
 */
public record RunReport(Run run, int examples, boolean keyed) {

    private static final String NO_KEYS = "No item has an expected answer and no judge was asked: the share is of answers that pass"
            + " the suite's checks, whether they are right nobody says.";

    /** Of a suite that says what is right. */
    public RunReport(Run run, int examples) {
        this(run, examples, true);
    }

    /** For a terminal. */
    public String text() {
        return head() + "\n" + figures().text() + (strata().isEmpty() ? "" : "\n" + strataTable().text())
                + failures("  ", "\n");
    }

    /** For a page or a pull request. */
    public String markdown() {
        return "## " + head() + "\n" + figures().markdown()
                + (strata().isEmpty() ? "" : "\n### Strata\n\n" + strataTable().markdown()) + failures("- ", "\n\n");
    }

    /** For scripts: shares as fractions, money as decimal strings, milliseconds. */
    public ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("suite", run.key().suite());
        json.put("suite_sha256", run.key().suiteVersion());
        json.put("model", run.key().model().toString());
        json.put("fingerprint", run.key().fingerprint());
        json.put("stop", run.stop().name());
        json.put("started_at", run.startedAt().toString());
        json.put("ended_at", run.endedAt().toString());
        json.put("n", run.outcomes().size());
        json.put("errors", errors());
        json.put("reused", run.reused());
        json.put("simulated", run.simulated());
        json.put("keyed", keyed);
        json.put("accuracy", run.accuracy());
        Interval interval = interval();
        if (interval != null) {
            json.putArray("accuracy_wilson95").add(interval.lower()).add(interval.upper());
        }
        json.put("format_failures", formatFailures());
        json.put("latency_p50_ms", Figures.latency(run, 0.5));
        json.put("latency_p95_ms", Figures.latency(run, 0.95));
        var cost = run.cost();
        json.put("cost", cost == null ? null : cost.plain());
        json.put("currency", cost == null ? null : cost.currency());
        var judging = run.judging();
        json.put("judging_cost", judging == null ? null : judging.plain());
        var strata = json.putArray("strata");
        strata().forEach((name, outcomes) -> strata.addObject()
                .put("name", name)
                .put("n", outcomes.size())
                .put("accuracy", accuracy(outcomes)));
        json.set("failures", JsonMapper.shared().valueToTree(Example.failed(run.outcomes(), examples)));
        return json;
    }

    private String head() {
        return String.format(Locale.ROOT, "%s on %s: %s of %,d items%s%s%n%s", run.key().model(), run.key().suite(),
                Figures.percent(run.accuracy()), run.scores().size(), keyed ? " right" : " pass the checks",
                stopped(), keyed ? "" : "\n" + NO_KEYS + "\n");
    }

    private String stopped() {
        return switch (run.stop()) {
            case COMPLETE -> "";
            case ENOUGH -> ", stopped: the evidence was enough";
            case SPEND_CAP -> ", stopped: the next call might have exceeded the spend cap";
            case SPEND_UNKNOWN -> ", stopped: there is a spend cap, and nobody knows what a call costs";
            case FAILING -> ", stopped: call after call failed";
            case DENIED -> ", stopped: the vendor lets nobody in";
        };
    }

    private Table figures() {
        Interval interval = interval();
        Table figures = new Table("figure", "value")
                .row(keyed ? "accuracy" : "pass the checks", Figures.percent(run.accuracy()))
                .row("95 % interval (Wilson)",
                        interval == null
                                ? Figures.UNKNOWN
                                : Figures.percent(interval.lower()) + " to " + Figures.percent(interval.upper()))
                .row("format failures", Integer.toString(formatFailures()))
                .row("items without an answer", Integer.toString(errors()))
                .row("answers from an earlier run", Integer.toString(run.reused()))
                .row("latency p50", Figures.millis(Figures.latency(run, 0.5)))
                .row("latency p95", Figures.millis(Figures.latency(run, 0.95)))
                .row("cost of all answers", cost())
                .row("simulated", run.simulated() ? "yes" : "no");
        return run.judging() == null
                ? figures
                : figures.row("paid to judges by this run", Figures.money(run.judging()));
    }

    private String cost() {
        boolean unpriced = run.cost() == null && run.outcomes().stream().anyMatch(outcome -> outcome.answer() != null);
        return unpriced
                ? "unknown: answers without a price; ./pareto prices list shows who has one"
                : Figures.money(run.cost());
    }

    private Table strataTable() {
        Table table = new Table("stratum", "n", keyed ? "accuracy" : "pass the checks");
        strata().forEach((name, outcomes) -> table.row(name, Integer.toString(outcomes.size()),
                Figures.percent(accuracy(outcomes))));
        return table;
    }

    private String failures(String bullet, String before) {
        List<Example> failed = Example.failed(run.outcomes(), examples);
        if (failed.isEmpty()) {
            return "";
        }
        return before + "Failures, the first " + failed.size() + ":\n" + before.substring(1)
                + failed.stream().map(e -> bullet + e.id() + ": " + e.reason() + "\n").collect(Collectors.joining());
    }

    private Map<String, List<ItemOutcome>> strata() {
        return run.outcomes()
                .stream()
                .filter(outcome -> outcome.item().stratum() != null)
                .collect(
                        Collectors.groupingBy(o -> String.valueOf(o.item().stratum()), TreeMap::new,
                                Collectors.toList()));
    }

    private static @Nullable Double accuracy(List<ItemOutcome> outcomes) {
        double[] scores = outcomes.stream()
                .map(ItemOutcome::score)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return scores.length == 0 ? null : (Double) Arrays.stream(scores).average().orElse(0);
    }

    /** Null when scores are not just pass or fail. */
    private @Nullable Interval interval() {
        List<Double> scores = run.scores();
        if (scores.isEmpty() || scores.stream().anyMatch(score -> score != 0 && score != 1)) {
            return null;
        }
        return Wilson.interval((int) scores.stream().filter(score -> score == 1).count(), scores.size(), 0.95);
    }

    private int errors() {
        return (int) run.outcomes().stream().filter(outcome -> outcome.answer() == null).count();
    }

    private int formatFailures() {
        return (int) run.outcomes().stream().filter(ItemOutcome::formatFailure).count();
    }
}
