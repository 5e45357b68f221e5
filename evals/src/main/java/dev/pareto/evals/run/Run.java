package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * A suite put to one model.
 *
 * @param key suite, model, sampling and declared fingerprint
 * @param startedAt when this run began; reused answers are older
 * @param endedAt when it ended
 * @param stop why it ended
 * @param outcomes in the order in which the items were asked; items never reached are absent
 */
public record Run(RunKey key, Instant startedAt, Instant endedAt, Stop stop, List<ItemOutcome> outcomes) {

    /** Why a run ended. */
    public enum Stop {
        /** Every item was asked. */
        COMPLETE,
        /** The evidence was enough. */
        ENOUGH,
        /** The next call might have exceeded the spend cap. */
        SPEND_CAP,
        /** There is a spend cap, and a call's cost is unknown. */
        SPEND_UNKNOWN,
        /** Call after call failed. */
        FAILING,
        /** The vendor does not let the gateway in: a key is missing or wrong. */
        DENIED
    }

    /** Copies the outcomes. */
    public Run {
        requireNonNull(key, "key is null");
        requireNonNull(stop, "stop is null");
        outcomes = List.copyOf(outcomes);
    }

    /** Mean score over the items that have one; null when none has. */
    public @Nullable Double accuracy() {
        List<Double> scores = scores();
        return scores.isEmpty() ? null : (Double) scores.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /** Scores of the items that have one. */
    public List<Double> scores() {
        return outcomes.stream().map(ItemOutcome::score).filter(Objects::nonNull).toList();
    }

    /** Answers that there are. */
    public List<Answer> answers() {
        return outcomes.stream().map(ItemOutcome::answer).filter(Objects::nonNull).map(StoredAnswer::answer).toList();
    }

    /** Cost of all answers, reused ones too; null when the cost of any is unknown or there are none. */
    public @Nullable Money cost() {
        Money sum = null;
        for (Answer answer : answers()) {
            Money cost = answer.cost();
            if (cost == null) {
                return null;
            }
            sum = sum == null ? cost : sum.plus(cost);
        }
        return sum;
    }

    /** What this run paid judges; null when nothing. */
    public @Nullable Money judging() {
        Money sum = null;
        for (ItemOutcome outcome : outcomes) {
            Money paid = outcome.judging();
            sum = sum == null || paid == null ? (sum == null ? paid : sum) : sum.plus(paid);
        }
        return sum;
    }

    /** Latencies that are the model's own, in milliseconds, ascending. */
    public double[] latenciesMillis() {
        return answers().stream()
                .filter(answer -> !answer.cacheHit())
                .mapToDouble(answer -> answer.latency().toNanos() / 1e6)
                .sorted()
                .toArray();
    }

    /** Fingerprints that the server told, sorted; more than one means that the model changed during the run. */
    public Set<String> servedFingerprints() {
        return answers().stream()
                .map(Answer::fingerprint)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Models that answered by their own account, sorted. */
    public Set<String> servedModels() {
        return answers().stream().map(Answer::servedModel).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a stand-in answered anything. */
    public boolean simulated() {
        return answers().stream().anyMatch(Answer::simulated);
    }

    /** How many answers were paid for earlier. */
    public int reused() {
        return (int) outcomes.stream().filter(ItemOutcome::reused).count();
    }
}
