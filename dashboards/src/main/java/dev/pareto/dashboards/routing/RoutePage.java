package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.report.Amount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The JSON of {@code GET /api/routing/{route}}. Money is decimal strings of {@code currency}; shares and accuracies are fractions.
 *
 * @param sentences what the route does, and what its policy takes
 * @param policies those that can be tried
 * @param requests answered in the period
 * @param sampled the newest of them, on which all but {@code traffic} rests
 * @param all what the sampled requests cost, took and got right, whoever answered
 * @param candidates in the route's order, then fall-backs and models that served but are no candidates any more
 * @param decisions the newest
 */
public record RoutePage(String route, String period, Instant from, Instant to, Instant generatedAt, String currency,
        @Nullable String policy, List<String> sentences, @Nullable String baseline, List<PolicyRow> policies,
        List<Remark> remarks, long requests, int sampled, @Nullable Instant sampledFrom, Traffic traffic, Figures all,
        List<CandidateRow> candidates, List<DecisionRow> decisions) {

    public RoutePage {
        sentences = List.copyOf(sentences);
        policies = List.copyOf(policies);
        remarks = List.copyOf(remarks);
        candidates = List.copyOf(candidates);
        decisions = List.copyOf(decisions);
    }

    /** A policy in force and what it takes. */
    public record PolicyRow(String name, String sentence) {}

    /** What in the configuration of the route cannot be meant. */
    public record Remark(boolean error, String what, String remedy) {}

    /**
     * Answers over time.
     *
     * @param starts the start of each step
     */
    public record Traffic(long stepSeconds, List<Instant> starts, List<Line> models) {

        public Traffic {
            starts = List.copyOf(starts);
            models = List.copyOf(models);
        }

        /** One model's answers at each step. */
        public record Line(String model, long sum, List<Long> requests) {

            public Line {
                requests = List.copyOf(requests);
            }
        }
    }

    /**
     * One model that may serve.
     *
     * @param role {@code candidate}, {@code fallback} or {@code former}
     * @param chosen how many sampled decisions it won
     * @param shareNow of the newest hundred
     * @param excluded sampled decisions in which it could not be chosen
     * @param reasons for that, the most frequent first
     * @param evidence the newest decision's verdict on it; null for none
     * @param swap the newest decision's view of its swap; null for none
     */
    public record CandidateRow(String model, boolean open, boolean baseline, String role, long chosen, double shareNow,
            Figures expected, Figures measured, long weighed, long excluded, List<Reason> reasons,
            @Nullable JsonNode evidence, @Nullable JsonNode swap) {

        public CandidateRow {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Cost, latency and accuracy of a model.
     *
     * @param requests that they rest on
     * @param cost mean of a request; null while unknown
     * @param p95Millis of whole answers
     * @param dominatedBy who is forecast to be as good in all three and better in one; null for nobody, or where one is unknown
     */
    public record Figures(long requests, @Nullable Amount cost, @Nullable Long firstTokenMillis,
            @Nullable Long p95Millis, @Nullable Accuracy accuracy, @Nullable String dominatedBy) {}

    /**
     * A share of good answers.
     *
     * @param low of the interval (of scores 95 %, of forecasts the mean of their 90 % intervals)
     * @param labels scores that it rests on
     */
    public record Accuracy(double value, double low, double high, long labels) {}

    /**
     * Why a candidate was kept out.
     *
     * @param kind {@code refusal} where nothing could have let it in, {@code limit} for a missed constraint
     * @param text as the newest decision says it
     */
    public record Reason(String kind, String text, long requests) {}

    /**
     * A decision in short.
     *
     * @param explained whether it tells what moved its accuracies
     */
    public record DecisionRow(String requestId, Instant at, String tenant, @Nullable String model,
            @Nullable String served,
            String reason, @Nullable Amount cost, long latencyMillis, @Nullable Double score, boolean failed,
            boolean explained) {}
}
