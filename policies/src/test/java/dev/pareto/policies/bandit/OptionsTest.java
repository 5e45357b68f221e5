package dev.pareto.policies.bandit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.Overrides;
import dev.pareto.policies.decide.PolicyEngine;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.decide.Snapshot;
import dev.pareto.policies.policy.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a policy that explores may draw. */
final class OptionsTest {

    @Test
    void whoIsAFallBackAloneIsNeverDrawn(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors: {v: {dialect: openai, url: 'http://v', models: {one: {}, two: {}, last: {}}}}
                routes: {r: {candidates: [v/one, v/two], fallbacks: [v/two, v/last], policy: p}}
                policies: {p: {minimise: cost}}
                """);
        RequestFeatures request = new RequestFeatures("r-1", "r", 100, null, false, false, Overrides.NONE, "t",
                Instant.parse("2026-11-21T12:00:00Z"));
        Decision decision = new PolicyEngine().decide(request,
                Snapshot.of(new ConfigReader().read(file, Map.of())));

        assertThat(decision.assessments()).extracting(one -> one.model().name()).contains("last");
        assertThat(Options.of(decision, model -> null, model -> false)).extracting(Option::model)
                .containsExactly(ModelId.parse("v/one"), ModelId.parse("v/two"));
    }
}
