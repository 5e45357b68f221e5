package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.judge.Families;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

/**
 * Items, graders and the decision they serve. Immutable.
 *
 * @param id its name
 * @param version SHA-256 over everything that can change an answer or a grade
 * @param description for people
 * @param route the route whose traffic it stands for
 * @param sampling sent with every request, e.g. temperature and max_tokens
 * @param graders in the order of the file
 * @param decision margin, level, guards
 * @param items in the order of the file
 * @param rollout how the author would let the candidate in
 */
public record Suite(String id, String version, @Nullable String description, @Nullable String route,
        Map<String, Object> sampling, List<SuiteGrader> graders, DecisionPlan decision, List<Item> items,
        RolloutPlan rollout) {

    /** Copies the collections. */
    public Suite {
        requireNonNull(id, "id is null");
        requireNonNull(version, "version is null");
        requireNonNull(decision, "decision is null");
        sampling = Collections.unmodifiableMap(new TreeMap<>(sampling));
        graders = List.copyOf(graders);
        items = List.copyOf(items);
        requireNonNull(rollout, "rollout is null");
    }

    /** A suite without advice on the roll-out. */
    public Suite(String id, String version, @Nullable String description, @Nullable String route,
            Map<String, Object> sampling, List<SuiteGrader> graders, DecisionPlan decision, List<Item> items) {
        this(id, version, description, route, sampling, graders, decision, items, RolloutPlan.NONE);
    }

    /** Whether anything says what is right: a key of any item, or a judge. Without, graders can look at an answer's form alone. */
    public boolean keyed() {
        return items.stream().anyMatch(item -> item.expected() != null) || !judges().isEmpty();
    }

    /** Some of the items as a suite of their own; {@code mark} is added to its version. */
    public Suite of(List<Item> some, String mark) {
        return new Suite(id, version + mark, description, route, sampling, graders, decision, some,
                rollout);
    }

    /** The grader of that id, which the reader has made sure exists. */
    public SuiteGrader grader(String graderId) {
        return graders.stream()
                .filter(g -> g.id().equals(graderId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no grader '" + graderId + "'"));
    }

    /** The graders that make up an item's score: its primary ones, or all but the guards when none is primary. */
    public List<SuiteGrader> scoring(Item item) {
        List<SuiteGrader> applied = item.graders().stream().map(this::grader).filter(g -> !g.guard()).toList();
        List<SuiteGrader> primary = applied.stream().filter(SuiteGrader::primary).toList();
        return primary.isEmpty() ? applied : primary;
    }

    /** The same suite with its judges connected; without, they give no scores. */
    public Suite connected(JudgeClient client) {
        return new Suite(id, version, description, route, sampling,
                graders.stream().map(grader -> grader.connected(client)).toList(), decision, items,
                rollout);
    }

    /** The models that its graders ask. */
    public Set<ModelId> judges() {
        return graders.stream()
                .flatMap(grader -> grader.grader().judges().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Why its grades may not decide between these models: a judge that has not proved itself, or is kin to one of
     * them. Empty when they may.
     */
    public List<String> gateProblems(ModelId candidate, ModelId incumbent) {
        List<String> problems = new ArrayList<>();
        graders.forEach(grader -> problems.addAll(grader.grader().gateProblems()));
        for (ModelId judge : judges()) {
            for (ModelId judged : List.of(candidate, incumbent)) {
                if (Families.kin(judge.toString(), judged.toString())) {
                    problems.add("judge " + judge + " is of one family with " + judged);
                }
            }
        }
        return problems.stream().distinct().sorted().toList();
    }
}
