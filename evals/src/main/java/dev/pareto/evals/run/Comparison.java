package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.pareto.evals.suite.Suite;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * Two runs over the same items in the same order.
 *
 * @param suite what was asked
 * @param candidate the model that would take the place
 * @param incumbent the model that holds it
 * @param orderSeed decides the order of the items
 * @param spent what it paid itself, for answers and judgements that were not there already, and for those in flight when a
 *     sequential test ended it; null when nothing, or nobody knows
 */
public record Comparison(Suite suite, Run candidate, Run incumbent, String orderSeed, @Nullable Money spent) {

    /** Checks that both runs are of this suite. */
    public Comparison {
        requireNonNull(orderSeed, "orderSeed is null");
        if (!candidate.key().suiteVersion().equals(suite.version())
                || !incumbent.key().suiteVersion().equals(suite.version())) {
            throw new IllegalArgumentException("the runs are not of the same version of the suite");
        }
    }

    /** How long an item took, both models together, at the pace of this run; null when it asked nothing. */
    public @Nullable Double secondsPerPair() {
        long asked = (long) candidate.outcomes().size() + incumbent.outcomes().size() - candidate.reused()
                - incumbent.reused();
        double seconds = Duration.between(candidate.startedAt(), candidate.endedAt()).toNanos() / 1e9;
        return asked == 0 ? null : (Double) (seconds * 2 / asked);
    }

    /** What calls without an answer said, the most frequent first, and how many said so. */
    public Map<String, Long> failures() {
        Map<String, Long> reasons = Stream.of(candidate, incumbent)
                .flatMap(run -> run.outcomes().stream())
                .filter(outcome -> outcome.answer() == null)
                .collect(Collectors.groupingBy(ItemOutcome::reason, TreeMap::new, Collectors.counting()));
        Map<String, Long> ordered = new LinkedHashMap<>();
        reasons.entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(reason -> ordered.put(reason.getKey(), reason.getValue()));
        return ordered;
    }

    /** Models that gave this comparison an answer of which nobody knows what it cost, as they were asked. */
    public List<ModelId> unpriced() {
        return Stream.of(candidate, incumbent)
                .filter(run -> run.outcomes().stream().anyMatch(ItemOutcome::unpriced))
                .map(run -> run.key().model())
                .distinct()
                .toList();
    }
}
