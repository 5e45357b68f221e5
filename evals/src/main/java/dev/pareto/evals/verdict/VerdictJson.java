package dev.pareto.evals.verdict;

import dev.pareto.evals.CanonicalJson;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Verdicts as JSON, sealed by a hash. */
public final class VerdictJson {

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private VerdictJson() {}

    /** The record as a tree. */
    public static ObjectNode tree(Verdict verdict) {
        return JSON.valueToTree(verdict);
    }

    /** Indented text. */
    public static String write(Verdict verdict) {
        return tree(verdict).toPrettyString();
    }

    /**
     * Reads a verdict.
     *
     * @throws IllegalArgumentException when it is not one, or was changed after it was sealed
     */
    public static Verdict read(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            Verdict verdict = parse(tree);
            if (verdict.sha256() == null || !(verdict.sha256().equals(hash(tree))
                    || verdict.sha256().equals(CanonicalJson.sha256(unsealed(tree))))) {
                throw new IllegalArgumentException("verdict " + verdict.id() + " was changed after it was sealed");
            }
            return verdict;
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException(
                    "not a whole verdict of schema " + Verdict.SCHEMA + ": " + malformed.getOriginalMessage(),
                    malformed);
        }
    }

    /**
     * Reads a verdict that may have been changed since: for whoever checks seals by other means.
     *
     * @throws IllegalArgumentException when it is not one
     */
    public static Verdict unsealed(String json) {
        try {
            return parse(JSON.readTree(json));
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("not a whole verdict of schema " + Verdict.SCHEMA + ": "
                    + malformed.getOriginalMessage(), malformed);
        }
    }

    private static Verdict parse(JsonNode tree) {
        String schema = tree.path("schema").asString("");
        if (!Verdict.SCHEMA.equals(schema)) {
            throw new IllegalArgumentException(
                    "not a verdict: its \"schema\" must be " + Verdict.SCHEMA + ", got '" + schema + "'");
        }
        return JSON.treeToValue(tree, Verdict.class);
    }

    /** The verdict with its hash. */
    static Verdict sealed(Verdict v) {
        return new Verdict(v.schema(), v.id(), v.created(), v.expires(), v.route(), v.suite(), v.incumbent(),
                v.candidate(), v.design(), v.data(), v.quality(), v.guards(), v.slices(), v.decision(), v.economics(),
                v.noiseFloor(), v.more(), v.inputs(), v.simulated(), v.sentence(), v.previousSha256(), hash(tree(v)));
    }

    /** What is null does not count, so that a record may gain a field without losing its seal. */
    static String hash(JsonNode tree) {
        return CanonicalJson.sha256(withoutNulls(unsealed(tree)));
    }

    private static JsonNode unsealed(JsonNode tree) {
        JsonNode copy = tree.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove("sha256");
        }
        return copy;
    }

    private static JsonNode withoutNulls(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            object.removeIf(JsonNode::isNull);
        }
        tree.forEach(VerdictJson::withoutNulls);
        return tree;
    }
}
