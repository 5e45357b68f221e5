package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
 */
public record Suite(String id, String version, @Nullable String description, @Nullable String route,
        Map<String, Object> sampling, List<SuiteGrader> graders, DecisionPlan decision, List<Item> items) {

    /** Copies the collections. */
    public Suite {
        requireNonNull(id, "id is null");
        requireNonNull(version, "version is null");
        requireNonNull(decision, "decision is null");
        sampling = Collections.unmodifiableMap(new TreeMap<>(sampling));
        graders = List.copyOf(graders);
        items = List.copyOf(items);
    }

    /** Some of the items as a suite of their own; {@code mark} is added to its version. */
    public Suite of(List<Item> some, String mark) {
        return new Suite(id, version + mark, description, route, sampling, graders, decision, some);
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
}
