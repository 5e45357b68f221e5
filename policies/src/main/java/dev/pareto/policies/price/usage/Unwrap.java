package dev.pareto.policies.price.usage;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the usage object where the vendors' answers and stream events hold it. */
final class Unwrap {

    private static final String[] PLACES = {"/usage", "/usageMetadata", "/usage_metadata", "/usage_info",
            "/x_groq/usage",
            "/response/usage", "/response/usageMetadata", "/response/body/usage", "/body/usage", "/message/usage",
            "/metadata/usage", "/result/usage", "/delta/usage", "/meta"};
    private static final int MOST_SNAPSHOTS = 100_000;

    private Unwrap() {}

    /**
     * @param raw an object, or an array of a stream's snapshots: counts are cumulative, so the last one told holds
     * @throws IllegalArgumentException when it is neither
     */
    static JsonNode usage(JsonNode raw) {
        if (raw.isArray()) {
            return last(raw);
        }
        if (!raw.isObject()) {
            throw new IllegalArgumentException("usage must be a JSON object, got " + raw.getNodeType());
        }
        JsonNode inside = inside(raw);
        return inside == null ? raw : inside;
    }

    private static @Nullable JsonNode inside(JsonNode raw) {
        for (String place : PLACES) {
            JsonNode found = raw.at(place);
            if (found.isObject()) {
                return found;
            }
        }
        return null;
    }

    private static JsonNode last(JsonNode snapshots) {
        if (snapshots.size() > MOST_SNAPSHOTS) {
            throw new IllegalArgumentException("more than " + MOST_SNAPSHOTS + " snapshots of usage");
        }
        ObjectNode merged = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        for (JsonNode snapshot : snapshots) {
            if (snapshot.isObject()) {
                JsonNode inside = inside(snapshot);
                if (inside != null) {
                    merge(merged, inside);
                } else if (!snapshot.has("type") && !snapshot.has("choices")) {
                    merge(merged, snapshot); // any other is an event that tells no usage
                }
            } else if (!snapshot.isNull()) {
                throw new IllegalArgumentException(
                        "a snapshot of usage must be a JSON object, got " + snapshot.getNodeType());
            }
        }
        return merged;
    }

    private static void merge(ObjectNode into, JsonNode later) {
        later.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isObject() && into.path(entry.getKey()) instanceof ObjectNode known) {
                merge(known, value);
            } else if (value.isObject()) {
                merge(into.putObject(entry.getKey()), value);
            } else if (!value.isNull()) {
                into.set(entry.getKey(), value);
            }
        });
    }
}
