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
        Verdict verdict = parse(json);
        if (verdict.sha256() == null || !verdict.sha256().equals(hash(verdict))) {
            throw new IllegalArgumentException("verdict " + verdict.id() + " was changed after it was sealed");
        }
        return verdict;
    }

    private static Verdict parse(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            String schema = tree.path("schema").asString("");
            if (!Verdict.SCHEMA.equals(schema)) {
                throw new IllegalArgumentException(
                        "not a verdict: its \"schema\" must be " + Verdict.SCHEMA + ", got '" + schema + "'");
            }
            return JSON.treeToValue(tree, Verdict.class);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException(
                    "not a whole verdict of schema " + Verdict.SCHEMA + ": " + malformed.getOriginalMessage(),
                    malformed);
        }
    }

    /** The verdict with its hash. */
    static Verdict sealed(Verdict v) {
        return new Verdict(v.schema(), v.id(), v.created(), v.expires(), v.route(), v.suite(), v.incumbent(),
                v.candidate(), v.design(), v.data(), v.quality(), v.guards(), v.slices(), v.decision(), v.economics(),
                v.simulated(), v.sentence(), v.previousSha256(), hash(v));
    }

    private static String hash(Verdict verdict) {
        ObjectNode tree = tree(verdict);
        tree.remove("sha256");
        return CanonicalJson.sha256(tree);
    }
}
