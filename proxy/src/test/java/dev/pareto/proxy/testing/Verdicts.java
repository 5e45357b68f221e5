package dev.pareto.proxy.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Verdicts as the evals make them, sealed. */
public final class Verdicts {

    private Verdicts() {}

    /** The same behind what is on file. */
    public static Verdict behind(Verdict v, @Nullable String previousSha256) {
        return sealed(new Verdict(v.schema(), v.id(), v.created(), v.expires(), v.route(), v.suite(), v.incumbent(),
                v.candidate(), v.design(), v.data(), v.quality(), v.guards(), v.slices(), v.decision(), v.economics(),
                v.noiseFloor(), v.more(), v.inputs(), v.simulated(), v.sentence(), previousSha256, null));
    }

    /** On route {@code r}, against {@code openai/gpt-4o}, at a margin of three points, good for thirty days. */
    public static Verdict of(String id, ModelId candidate, @Nullable String fingerprint, Instant created,
            Outcome outcome) {
        boolean good = outcome.goodEnough();
        Verdict open = new Verdict(Verdict.SCHEMA, id, created, created.plus(Duration.ofDays(30)), "r",
                new Verdict.SuiteRef("s", null),
                new Verdict.Subject("openai/gpt-4o", null, List.of(), false, 0.9),
                new Verdict.Subject(candidate.toString(), fingerprint, List.of(), false, 0.9),
                new Verdict.DesignBlock(0.03, "test", 0.05, "FIXED", null, 200, null, "swap-1", "none", null, null,
                        "0".repeat(64)),
                new Verdict.Data(1_000, 0, 0, 880, 20, 20, 80, 0.04, null, null),
                new Verdict.Quality(0, new Verdict.Bounds(-0.01, 0.01), "test", 0.9, null, null, null, null, null,
                        outcome, null),
                List.of(), List.of(),
                new Verdict.Decision(good ? Verdict.Action.ADVANCE : Verdict.Action.REJECT, null, null, List.of(),
                        List.of()),
                null, false, good ? "good" : "bad", null, null);
        return sealed(open);
    }

    private static Verdict sealed(Verdict v) {
        ObjectNode tree = VerdictJson.tree(v);
        tree.remove("sha256");
        return new Verdict(v.schema(), v.id(), v.created(), v.expires(), v.route(), v.suite(), v.incumbent(),
                v.candidate(), v.design(), v.data(), v.quality(), v.guards(), v.slices(), v.decision(), v.economics(),
                v.noiseFloor(), v.more(), v.inputs(), v.simulated(), v.sentence(), v.previousSha256(),
                CanonicalJson.sha256(tree));
    }
}
