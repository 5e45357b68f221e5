package dev.pareto.policies.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.cascade.LogprobBounds;
import dev.pareto.policies.cascade.VerifierPlan;
import dev.pareto.policies.catalog.ModelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CascadeReaderTest {

    private static final ModelId SMALL = ModelId.parse("local/small");
    private static final ModelId LARGE = ModelId.parse("openai/gpt-4o");

    @TempDir
    private Path folder;

    private ParetoConfig read(String cascade) throws IOException, ConfigException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors:
                  openai:  {dialect: openai, url: https://api.openai.com}
                  cluster: {dialect: openai, url: http://vllm, open: true, models: {mute: {}, loud: {can: [chat, log-probabilities]}}}
                  local:   {engine: embedded}
                routes:
                  r: {candidates: [openai/gpt-4o, local/small, cluster/mute, cluster/loud], cascade: {%s}}
                """
                        .formatted(cascade));
        return new ConfigReader().read(file, Map.of());
    }

    private CascadePlan plan(String cascade) throws IOException, ConfigException {
        return Objects.requireNonNull(read(cascade).route("r").orElseThrow().cascade());
    }

    @Test
    void whatIsNotStatedHasItsUsualValue() throws Exception {
        assertThat(plan("first: local/small, accept: {verifier: {labels: l.jsonl, margin: 5 pp}}"))
                .isEqualTo(new CascadePlan(SMALL, LARGE, new CascadePlan.Gate.Whole(), Duration.ofSeconds(30),
                        1_000_000, null, null,
                        new VerifierPlan("l.jsonl", new VerifierPlan.Promise(0.05, 0.9)),
                        CascadePlan.WhenLate.ESCALATE, 0.05));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        CascadePlan plan = plan(
                """
                first: local/small, escalate-to: cluster/mute, gate: whole, within: 8 s, max-answer: 64 kB,
                accept: {log-probability: {mean: -0.5, least: -6, quantiles: {5 %: -3, 25 %: -0.4}},
                         second: {model: local/small, temperature: 0.7}, verifier: {labels: l.jsonl, at-least: 90 %}},
                when-late: refuse, explore: 1 %""");

        assertThat(plan).isEqualTo(new CascadePlan(SMALL, new ModelId("cluster", "mute"), new CascadePlan.Gate.Whole(),
                Duration.ofSeconds(8), 64_000, new LogprobBounds(-0.5, -6.0, Map.of(0.05, -3.0, 0.25, -0.4)),
                new CascadePlan.SecondOpinion(SMALL, 0.7), new VerifierPlan("l.jsonl", new VerifierPlan.AtLeast(0.9)),
                CascadePlan.WhenLate.REFUSE, 0.01));
        assertThat(
                plan("first: cluster/loud, gate: first-tokens, first-tokens: 16, accept: {log-probability: {mean: -1}}")
                        .gate())
                .isEqualTo(new CascadePlan.Gate.FirstTokens(16));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "first: openai/gpt-4o, accept: {second: {model: local/small}} | openai/gpt-4o does not have open weights",
            "first: local/other, accept: {second: {model: local/small}} | local/other is not a candidate of the route",
            "accept: {second: {model: local/small}} | cascade needs 'first'",
            "first: local/small | a cascade needs 'accept'",
            "first: local/small, accept: {} | accept needs a verifier",
            "first: local/small, escalate-to: local/small, accept: {second: {model: cluster/loud}} | both are local/small",
            "first: local/small, accept: {second: {model: local/small}} | give the second a temperature",
            "first: local/small, accept: {verifier: {labels: l.jsonl}} | by a promise that labels set a threshold for, or by a stated one",
            "first: local/small, accept: {verifier: {labels: l.jsonl, margin: 2 pp, at-least: 90 %}} | by a promise",
            "first: local/small, accept: {verifier: {labels: l.jsonl, at-least: 90 %, confidence: 90 %}} | by a promise",
            "first: local/small, accept: {verifier: {margin: 2 pp}} | verifier needs 'labels'",
            "first: local/small, accept: {log-probability: {}} | needs a mean, a least or quantiles",
            "first: local/small, accept: {log-probability: {mean: 0.5}} | -100 to 0",
            "first: cluster/mute, accept: {log-probability: {mean: -1}} | nobody says that cluster/mute tells log-probabilities",
            "first: local/small, gate: first-tokens, accept: {second: {model: cluster/loud}} | only be judged by their log-probabilities",
            "first: local/small, first-tokens: 8, accept: {second: {model: cluster/loud}} | needs gate: first-tokens",
            "first: local/small, gate: half, accept: {second: {model: cluster/loud}} | gate is whole or first-tokens",
            "first: local/small, when-late: never, accept: {second: {model: cluster/loud}} | write escalate or refuse",
            "first: local/small, within: 0 s, accept: {second: {model: cluster/loud}} | within must be above zero",
            "first: local/small, max-answer: 1 B, accept: {second: {model: cluster/loud}} | 1 kB to 16 MB",
            "first: local/small, acept: {second: {model: cluster/loud}} | did you mean 'accept'"})
    void whatCannotBeMeantIsRefusedWithAReason(String cascade, String reason) {
        assertThatThrownBy(() -> read(cascade)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("pareto.yaml")
                .hasMessageContaining(reason);
    }
}
