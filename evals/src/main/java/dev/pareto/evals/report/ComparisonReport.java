package dev.pareto.evals.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A comparison with its verdict, for people and for scripts.
 *
 * @param comparison both runs
 * @param verdict computed from them
 * @param examples how many lost items to show
 */
public record ComparisonReport(Comparison comparison, Verdict verdict, int examples) {

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(verdict.quality().verdict()).append("  ").append(verdict.sentence()).append("\n\n");
        text.append(evidence()).append('\n').append(models().text());
        section(text, "\nStrata\n", slices().text(), !verdict.slices().isEmpty());
        section(text, "\nGuards\n", guards().text(), !verdict.guards().isEmpty());
        JudgeFigures judges = new JudgeFigures(comparison);
        if (judges.present()) {
            section(text, "\nJudges\n", judges.table().text(), true);
        }
        List<Example> lost = Example.lost(comparison, examples);
        section(text, "\nLost items, the first " + lost.size() + "\n",
                lost.stream().map(e -> "  " + e.id() + ": " + e.reason() + "\n").collect(Collectors.joining()),
                !lost.isEmpty());
        return text.toString();
    }

    /** For a page or a pull request. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# ")
                .append(verdict.quality().verdict())
                .append(": ")
                .append(verdict.candidate().model())
                .append(" for ")
                .append(verdict.incumbent().model())
                .append("\n\n")
                .append(verdict.sentence())
                .append("\n\n")
                .append(evidence())
                .append('\n')
                .append(models().markdown());
        section(text, "\n## Strata\n\n", slices().markdown(), !verdict.slices().isEmpty());
        section(text, "\n## Guards\n\n", guards().markdown(), !verdict.guards().isEmpty());
        JudgeFigures judges = new JudgeFigures(comparison);
        if (judges.present()) {
            section(text, "\n## Judges\n\n", judges.table().markdown(), true);
        }
        List<Example> lost = Example.lost(comparison, examples);
        section(text, "\n## Lost items\n\n", lost.stream()
                .map(e -> "- " + e.id() + ": " + Table.escaped(e.question()) + " " + Table.escaped(e.reason()) + "\n")
                .collect(Collectors.joining()), !lost.isEmpty());
        return text.toString();
    }

    /** For scripts: {@code {"verdict": …, "candidate": …, "incumbent": …, "lost": […]}}. */
    public ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.set("verdict", VerdictJson.tree(verdict));
        json.set("candidate", new RunReport(comparison.candidate(), examples).json());
        json.set("incumbent", new RunReport(comparison.incumbent(), examples).json());
        json.set("lost", JsonMapper.shared().valueToTree(Example.lost(comparison, examples)));
        return json;
    }

    private String evidence() {
        Verdict.Quality quality = verdict.quality();
        Verdict.Bounds bounds = quality.interval();
        List<String> parts = new ArrayList<>();
        parts.add(String.format(Locale.ROOT, "Difference %s points, margin %.1f, ", Figures.points(quality.diff()),
                100 * verdict.design().margin())
                + (bounds == null
                        ? "no interval: " + quality.intervalKind()
                        : "interval " + interval(bounds) + " ("
                                + quality.intervalKind() + ")"));
        Verdict.SecondOpinion second = quality.secondOpinion();
        if (second != null) {
            parts.add("Second opinion " + interval(second.interval()) + " (" + second.kind() + "): "
                    + (second.agrees() ? "the same verdict" : second.verdict()));
        }
        Verdict.HumanLabels human = quality.human();
        if (human != null) {
            parts.add(String.format(Locale.ROOT,
                    "People marked %d of %d pairs: a difference of %s points, %s by the judge%s",
                    human.labelled(), human.labelled() + human.judgeOnly(),
                    human.humanDiff() == null ? "unknown" : Figures.points(human.humanDiff()),
                    Figures.points(human.judgeDiff()),
                    human.unused() == null ? "; the judge is put right by them" : "; not used, " + human.unused()));
        }
        Verdict.Data data = verdict.data();
        if (data.both() != null) {
            parts.add(String.format(Locale.ROOT,
                    "Both right %d, only the candidate %d, only the incumbent %d, neither %d, missing %d", data.both(),
                    data.onlyCandidate(), data.onlyIncumbent(), data.neither(), data.missing()));
        }
        failures().ifPresent(parts::add);
        Integer stopped = quality.stoppedAt();
        if (stopped != null) {
            parts.add("Looked at after every item; stopped after " + stopped);
        }
        parts.add("Design " + verdict.design().sha256().substring(0, 12) + " written down "
                + (verdict.design().preregisteredAt() == null
                        ? "never"
                        : "at " + verdict.design().preregisteredAt()
                                + order(verdict.design().preregisteredBeforeData())));
        parts.add("Verdict " + verdict.id() + ", valid until " + verdict.expires());
        return parts.stream().map(part -> part + ".\n").collect(Collectors.joining());
    }

    private static String order(@Nullable Boolean beforeData) {
        return beforeData == null
                ? ""
                : beforeData ? ", before the first answer" : ", after some of its answers were given";
    }

    private static String interval(Verdict.Bounds bounds) {
        return Figures.lower(bounds.lower()) + " to " + Figures.upper(bounds.upper());
    }

    private Optional<String> failures() {
        Map<String, Long> reasons = comparison.failures();
        long all = reasons.values().stream().mapToLong(Long::longValue).sum();
        return reasons.keySet()
                .stream()
                .findFirst()
                .map(most -> all + (all == 1 ? " call" : " calls") + " without an answer; most often: " + most);
    }

    private Table models() {
        Run candidate = comparison.candidate();
        Run incumbent = comparison.incumbent();
        return new Table("", candidate.key().model().toString(), incumbent.key().model().toString())
                .row("accuracy", Figures.percent(verdict.candidate().accuracy()),
                        Figures.percent(verdict.incumbent().accuracy()))
                .row("latency p50", Figures.millis(Figures.latency(candidate, 0.5)),
                        Figures.millis(Figures.latency(incumbent, 0.5)))
                .row("latency p95", Figures.millis(Figures.latency(candidate, 0.95)),
                        Figures.millis(Figures.latency(incumbent, 0.95)))
                .row("cost", Figures.money(candidate.cost()), Figures.money(incumbent.cost()))
                .row("answers from an earlier run", Integer.toString(candidate.reused()),
                        Integer.toString(incumbent.reused()))
                .row("simulated", candidate.simulated() ? "yes" : "no", incumbent.simulated() ? "yes" : "no");
    }

    private Table slices() {
        Table table = new Table("stratum", "n", "candidate", "incumbent", "difference", "interval", "note");
        for (Verdict.Slice slice : verdict.slices()) {
            String note = slice.critical() ? "critical: " + slice.verdict() : slice.flagged() ? "worse" : "";
            table.row(slice.name(), Integer.toString(slice.n()), Figures.percent(slice.candidateAccuracy()),
                    Figures.percent(slice.incumbentAccuracy()), Figures.points(slice.diff()),
                    interval(slice.interval()), note);
        }
        return table;
    }

    private Table guards() {
        Table table = new Table("guard", "value", "upper 95 %", "limit", "verdict");
        for (Verdict.Guard guard : verdict.guards()) {
            table.row(guard.metric(), Figures.number(guard.value()), Figures.number(guard.upper95()),
                    Figures.number(guard.limit()), guard.verdict().name());
        }
        return table;
    }

    private static void section(StringBuilder text, String title, String body, boolean present) {
        if (present) {
            text.append(title).append(body);
        }
    }
}
