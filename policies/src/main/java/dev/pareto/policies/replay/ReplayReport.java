package dev.pareto.policies.replay;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.offpolicy.Estimate;
import dev.pareto.policies.offpolicy.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What would have happened.
 *
 * @param from the first request; null for an empty log
 * @param to the last
 * @param rows all together first, then by route, then by tenant and route
 * @param notes for people
 */
public record ReplayReport(String policy, @Nullable Instant from, @Nullable Instant to, List<Row> rows,
        List<String> notes) {

    public ReplayReport {
        requireNonNull(policy, "policy is null");
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }

    /** The same with more for people. */
    public ReplayReport withNotes(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new ReplayReport(policy, from, to, rows, all);
    }

    /**
     * @param tenant null for all
     * @param route null for all
     * @param traffic requests by model, {@code null} for refused ones
     * @param cost of a request
     * @param seconds latency's 95th percentile
     * @param accuracy mean score, 0 to 1
     */
    public record Row(@Nullable String tenant, @Nullable String route, Support support, Map<String, Long> traffic,
            Figure cost, Figure seconds, Figure accuracy) {}

    /**
     * On what a row rests.
     *
     * @param supported requests whose new choice the recording policy could have made
     * @param matched those where it did make it
     * @param effective how many equally weighted requests the matched ones are worth
     * @param modelOnly requests of whose new choice only forecasts and prices tell
     * @param refused requests that nobody would serve
     */
    public record Support(long requests, long supported, long matched, double effective, long modelOnly,
            long refused) {}

    /**
     * @param recorded what was; null where nothing is known
     * @param estimates of the supported requests
     * @param byModel of the others; null where there are none, or nothing is known
     * @param together of both; null where a part is unknown
     */
    public record Figure(@Nullable Double recorded, Map<Method, Estimate> estimates, @Nullable Double byModel,
            @Nullable Point together) {}

    /** @param low of the 95 % interval of the data's part; null where there is none */
    public record Point(double value, @Nullable Double low, @Nullable Double high) {}

    /**
     * Requests that change their model; means of a request, latency's 95th percentile, null where unknown.
     *
     * @param examples a few of them, by id
     */
    public record Move(String route, @Nullable ModelId from, @Nullable ModelId to, long requests,
            @Nullable Double costBefore, @Nullable Double costAfter, @Nullable Double secondsBefore,
            @Nullable Double secondsAfter, @Nullable Double accuracyBefore, @Nullable Double accuracyAfter,
            List<String> examples) {}
}
