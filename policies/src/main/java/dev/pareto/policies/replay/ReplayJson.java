package dev.pareto.policies.replay;

import dev.pareto.policies.offpolicy.Estimate;
import dev.pareto.policies.offpolicy.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A report as JSON: {@code {"policy", "from", "to", "rows": [{"tenant", "route", "support": {…}, "traffic": {model: requests}, "cost",
 * "seconds_p95", "accuracy"}], "notes"}}. A figure is {@code {"recorded", "value", "low", "high", "by_model", "estimates": {"ips", "snips",
 * "dr"}}}; unknown is null.
 */
public final class ReplayJson {

    private ReplayJson() {}

    public static String write(ReplayReport report) {
        return JsonMapper.shared().writeValueAsString(view(report));
    }

    public static String write(List<ReplayReport.Move> moves) {
        return JsonMapper.shared().writeValueAsString(Map.of("moves", moves.stream().map(ReplayJson::move).toList()));
    }

    static Map<String, @Nullable Object> view(ReplayReport report) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("policy", report.policy());
        view.put("from", report.from() == null ? null : report.from().toString());
        view.put("to", report.to() == null ? null : report.to().toString());
        view.put("rows", report.rows().stream().map(ReplayJson::row).toList());
        view.put("notes", report.notes());
        return view;
    }

    private static Map<String, @Nullable Object> row(ReplayReport.Row row) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("tenant", row.tenant());
        view.put("route", row.route());
        Map<String, @Nullable Object> support = new LinkedHashMap<>();
        support.put("requests", row.support().requests());
        support.put("supported", row.support().supported());
        support.put("matched", row.support().matched());
        support.put("effective_samples", row.support().effective());
        support.put("by_model_only", row.support().modelOnly());
        support.put("refused", row.support().refused());
        view.put("support", support);
        view.put("traffic", row.traffic());
        view.put("cost", figure(row.cost()));
        view.put("seconds_p95", figure(row.seconds()));
        view.put("accuracy", figure(row.accuracy()));
        return view;
    }

    private static Map<String, @Nullable Object> figure(ReplayReport.Figure figure) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        ReplayReport.Point together = figure.together();
        view.put("recorded", figure.recorded());
        view.put("value", together == null ? null : together.value());
        view.put("low", together == null ? null : finite(together.low()));
        view.put("high", together == null ? null : finite(together.high()));
        view.put("by_model", figure.byModel());
        Map<String, @Nullable Object> estimates = new LinkedHashMap<>();
        for (Method method : Method.values()) {
            Estimate one = figure.estimates().get(method);
            if (one != null) {
                Map<String, @Nullable Object> estimate = new LinkedHashMap<>();
                estimate.put("value", finite(one.value()));
                estimate.put("low", finite(one.low()));
                estimate.put("high", finite(one.high()));
                estimate.put("samples", one.samples());
                estimates.put(method.name().toLowerCase(Locale.ROOT), estimate);
            }
        }
        view.put("estimates", estimates);
        return view;
    }

    private static @Nullable Double finite(@Nullable Double value) {
        return value == null || !Double.isFinite(value) ? null : value;
    }

    private static Map<String, @Nullable Object> move(ReplayReport.Move move) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("route", move.route());
        view.put("from", move.from() == null ? null : move.from().toString());
        view.put("to", move.to() == null ? null : move.to().toString());
        view.put("requests", move.requests());
        view.put("cost_before", move.costBefore());
        view.put("cost_after", move.costAfter());
        view.put("seconds_p95_before", move.secondsBefore());
        view.put("seconds_p95_after", move.secondsAfter());
        view.put("accuracy_before", move.accuracyBefore());
        view.put("accuracy_after", move.accuracyAfter());
        view.put("examples", move.examples());
        return view;
    }
}
