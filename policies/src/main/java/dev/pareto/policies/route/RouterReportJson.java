package dev.pareto.policies.route;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a {@link RouterReport} as the document that {@code policy evaluate --json} promises. */
public final class RouterReportJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RouterReportJson() {}

    public static String write(RouterReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("n", report.n());
        root.put("strong", rounded(report.strong()));
        root.put("weak", rounded(report.weak()));
        root.put("strong_model", report.strongModel());
        root.put("weak_model", report.weakModel());
        root.put("trained_on", report.trainedOn());
        root.put("protocol", report.protocol());
        ArrayNode notes = root.putArray("notes");
        report.notes().forEach(notes::add);
        ArrayNode routers = root.putArray("routers");
        report.routers().forEach(router -> router(router, routers.addObject()));
        ArrayNode floors = root.putArray("floors");
        report.floors().forEach(floor -> floor(floor, report.aboveNaive(floor), floors.addObject()));
        return root.toPrettyString();
    }

    private static void router(RouterReport.Router router, ObjectNode into) {
        RouterCurve.Figures figures = router.figures();
        into.put("name", router.name());
        put(into, "apgr", figures.apgr());
        put(into, "cpt50", figures.cpt50());
        put(into, "cpt80", figures.cpt80());
        put(into, "accuracy_at_20", figures.accuracyAt20());
        put(into, "accuracy_at_50", figures.accuracyAt50());
        put(into, "ece", router.ece());
        put(into, "brier", router.brier());
        RouterReport.Speed speed = router.microseconds();
        ObjectNode microseconds = into.putObject("microseconds_per_prompt");
        put(microseconds, "p50", speed == null ? null : speed.p50());
        put(microseconds, "p99", speed == null ? null : speed.p99());
        ObjectNode intervals = into.putObject("intervals");
        for (String name : new String[]{"apgr", "cpt50", "cpt80", "accuracy_at_20", "accuracy_at_50"}) {
            double[] ends = router.intervals().get(name);
            if (ends != null) {
                ArrayNode pair = intervals.putArray(name);
                Arrays.stream(ends).forEach(end -> pair.add(rounded(end)));
            }
        }
        ArrayNode curve = into.putArray("curve");
        double[] points = router.curve();
        for (int i = 0; i < points.length; i++) {
            curve.addArray().add(rounded((double) i / (points.length - 1))).add(rounded(points[i]));
        }
    }

    private static void floor(FloorTrial.Result floor, double aboveNaive, ObjectNode into) {
        into.put("router", floor.router());
        into.put("method", floor.method().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        put(into, "margin", floor.margin());
        put(into, "delta", floor.delta());
        into.put("labels", floor.labels());
        into.put("draws", floor.draws());
        put(into, "broken", floor.broken());
        put(into, "broken_beyond_noise", floor.brokenBeyondNoise());
        put(into, "loss", floor.loss());
        put(into, "strong_share", floor.strongShare());
        put(into, "strong_share_above_naive", aboveNaive);
        ArrayNode losses = into.putArray("losses");
        floor.losses().forEach(loss -> losses.add(rounded(loss)));
    }

    private static void put(ObjectNode into, String name, @Nullable Double value) {
        if (value == null || !Double.isFinite(value)) {
            into.putNull(name);
        } else {
            into.put(name, rounded(value));
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
