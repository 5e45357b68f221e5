package dev.pareto.evals.verdict;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.pareto.policies.detect.InputMix;

import org.jspecify.annotations.Nullable;

/**
 * What a verdict says besides what its records say.
 *
 * @param route the route it is for; null for bare records
 * @param suite the suite
 * @param incumbent who holds the place; accuracy is filled in
 * @param candidate who would take it; accuracy is filled in
 * @param planned pairs that the design wanted
 * @param invalid reasons why the data must not be used; empty when there are none
 * @param preregisteredBeforeData whether no answer is older than the design; null when unknown
 * @param recordsPath where the records lie
 * @param recordsSha256 their hash
 * @param created now
 * @param previousSha256 hash of the verdict before; null for the first
 * @param noiseFloor of the incumbent; null when it was not measured
 * @param secondsPerPair how long an item took both models, at the run's pace; null when unknown
 * @param inputs what the items are like; null when unknown
 */
record VerdictContext(@Nullable String route, Verdict.SuiteRef suite, Verdict.Subject incumbent,
        Verdict.Subject candidate, int planned, List<String> invalid, @Nullable Boolean preregisteredBeforeData,
        @Nullable String recordsPath, @Nullable String recordsSha256, Instant created,
        @Nullable String previousSha256, Verdict.@Nullable NoiseFloor noiseFloor, @Nullable Double secondsPerPair,
        @Nullable Map<String, InputMix> inputs) {

    VerdictContext(@Nullable String route, Verdict.SuiteRef suite, Verdict.Subject incumbent,
            Verdict.Subject candidate, int planned, List<String> invalid, @Nullable Boolean preregisteredBeforeData,
            @Nullable String recordsPath, @Nullable String recordsSha256, Instant created,
            @Nullable String previousSha256) {
        this(route, suite, incumbent, candidate, planned, invalid, preregisteredBeforeData, recordsPath, recordsSha256,
                created, previousSha256, null, null, null);
    }

    VerdictContext {
        requireNonNull(created, "created is null");
        invalid = List.copyOf(invalid);
    }
}
