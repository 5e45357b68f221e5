package dev.pareto.policies.experiment;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where what becomes known of an answered request goes: a thumb, a ticket settled, a judge's score. Whoever receives feedback calls this
 * once for each figure; it returns at once. Thread-safe.
 */
@FunctionalInterface
public interface OutcomeSink {

    /** Takes everything and keeps nothing. */
    OutcomeSink NONE = (requestId, metric, value) -> CompletableFuture.completedFuture(null);

    /**
     * Takes one figure; a later one of the same request and metric replaces it. What is said of requests in no experiment is
     * dropped.
     *
     * @param requestId from {@code Pareto-Request-Id}
     * @param metric for which {@link Metric#postable} holds, e.g. {@code feedback}
     * @param value for {@code feedback}, {@code success} and {@code quality} from 0 to 1
     * @return completes when the figure is durable; who need not know may drop it
     * @throws IllegalArgumentException when the metric cannot be posted or the value is not {@link Metric#valued}
     */
    CompletableFuture<@Nullable Void> outcome(String requestId, String metric, double value);
}
