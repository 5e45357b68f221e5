package dev.pareto.policies.predict.live;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.LengthPredictor;
import dev.pareto.policies.predict.accuracy.PredictorJson;
import dev.pareto.policies.predict.accuracy.SuccessPredictor;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Exports and imports a route's predictor as one JSON document, which holds no text of any prompt and names its own version. */
public final class RoutePredictorJson {

    private static final String KIND = "route-predictor";
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RoutePredictorJson() {}

    static RoutePredictor named(RoutePredictor.Parts parts) {
        return new RoutePredictor(parts, PredictorJson.version(body(parts).toString()));
    }

    public static String write(RoutePredictor predictor) {
        ObjectNode root = body(predictor.parts());
        root.put("version", predictor.version());
        return root.toString();
    }

    /**
     * @throws IllegalArgumentException when the document is none of this format or was changed since it was written
     */
    public static RoutePredictor read(String exported) {
        JsonNode root;
        try {
            root = JSON.readTree(exported);
        } catch (JacksonException wrong) {
            throw new IllegalArgumentException("no exported predictor: " + wrong.getOriginalMessage(), wrong);
        }
        if (!(root instanceof ObjectNode object) || !root.path("kind").asString("").equals(KIND)
                || root.path("format").asInt(0) != FORMAT) {
            throw new IllegalArgumentException("no exported predictor of a route, of format " + FORMAT);
        }
        String version = root.path("version").asString("");
        object.remove("version");
        if (!PredictorJson.version(object.toString()).equals(version)) {
            throw new IllegalArgumentException("the exported predictor was changed: its content is not that of version "
                    + version);
        }
        return new RoutePredictor(parts(root), version);
    }

    private static ObjectNode body(RoutePredictor.Parts parts) {
        ObjectNode root = JSON.createObjectNode();
        root.put("kind", KIND);
        root.put("format", FORMAT);
        root.put("route", parts.route());
        root.put("trained_at", parts.trainedAt().toString());
        ArrayNode measures = root.putArray("measures");
        parts.measures().forEach(one -> measure(one, measures.addObject()));
        ArrayNode held = root.putArray("held_out");
        Holdout holdout = parts.holdout();
        for (int i = 0; i < holdout.size(); i++) {
            ObjectNode row = held.addObject();
            row.put("traffic", holdout.traffic()[i]);
            floats(holdout.said()[i], row.putArray("said"));
            floats(holdout.was()[i], row.putArray("was"));
        }
        if (parts.success() != null) {
            root.set("success", JSON.readTree(PredictorJson.write(parts.success())));
        }
        if (parts.lengths() != null) {
            root.set("lengths", JSON.readTree(PredictorJson.write(parts.lengths())));
        }
        return root;
    }

    private static void measure(Measures one, ObjectNode into) {
        into.put("model", one.model().toString());
        ObjectNode sources = into.putObject("by_source");
        for (LabelSource source : LabelSource.values()) {
            Integer count = one.bySource().get(source);
            if (count != null) {
                sources.put(source.name(), count);
            }
        }
        into.put("labels", one.labels());
        into.put("mean", one.mean());
        into.put("ece", one.ece());
        into.put("brier", one.brier());
        into.put("plain_brier", one.plainBrier());
    }

    private static RoutePredictor.Parts parts(JsonNode root) {
        try {
            JsonNode success = root.path("success");
            JsonNode lengths = root.path("lengths");
            SuccessPredictor predictor = success.isObject() ? PredictorJson.readPredictor(success.toString()) : null;
            LengthPredictor answers = lengths.isObject() ? PredictorJson.readLengths(lengths.toString()) : null;
            int models = predictor == null ? 0 : predictor.models().size();
            List<Measures> measures = new ArrayList<>();
            root.path("measures").forEach(one -> measures.add(measure(one)));
            JsonNode held = root.path("held_out");
            float[][] said = new float[held.size()][];
            float[][] was = new float[held.size()][];
            boolean[] traffic = new boolean[held.size()];
            for (int i = 0; i < said.length; i++) {
                said[i] = floats(held.path(i).path("said"), models);
                was[i] = floats(held.path(i).path("was"), models);
                traffic[i] = held.path(i).path("traffic").asBoolean(false);
            }
            String route = root.path("route").asString("");
            if (route.isBlank()) {
                throw new IllegalArgumentException("the exported predictor names no route");
            }
            return new RoutePredictor.Parts(route, Instant.parse(root.path("trained_at").asString("")), predictor,
                    answers, measures, new Holdout(said, was, traffic));
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException("the exported predictor does not say when it was trained", wrong);
        }
    }

    private static Measures measure(JsonNode one) {
        Map<LabelSource, Integer> sources = new EnumMap<>(LabelSource.class);
        one.path("by_source")
                .properties()
                .forEach(entry -> sources.put(LabelSource.valueOf(entry.getKey()), entry.getValue().asInt()));
        return new Measures(ModelId.parse(one.path("model").asString("")), sources, one.path("labels").asInt(),
                one.path("mean").asDouble(), one.path("ece").asDouble(), one.path("brier").asDouble(),
                one.path("plain_brier").asDouble());
    }

    private static void floats(float[] values, ArrayNode into) {
        for (float value : values) {
            if (Float.isNaN(value)) {
                into.addNull();
            } else {
                into.add(value);
            }
        }
    }

    private static float[] floats(JsonNode node, int count) {
        if (node.size() != count) {
            throw new IllegalArgumentException("the exported predictor is damaged: held_out");
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = node.path(i).isNull() ? Float.NaN : (float) node.path(i).asDouble();
        }
        return values;
    }
}
