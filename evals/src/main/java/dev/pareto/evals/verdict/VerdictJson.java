package dev.pareto.evals.verdict;

import dev.pareto.evals.CanonicalJson;

import tools.jackson.databind.DeserializationFeature;
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
        Verdict verdict = JSON.readValue(json, Verdict.class);
        if (!Verdict.SCHEMA.equals(verdict.schema())) {
            throw new IllegalArgumentException("not a " + Verdict.SCHEMA + ": " + verdict.schema());
        }
        if (verdict.sha256() == null || !verdict.sha256().equals(hash(verdict))) {
            throw new IllegalArgumentException("verdict " + verdict.id() + " was changed after it was sealed");
        }
        return verdict;
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
