package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.predict.LatencyForecast;
import dev.pareto.policies.swap.Evidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Small worlds for tests of decisions: a closed and an open model on one route. */
final class World {

    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final ModelId CLOSED = ModelId.parse("openai/gpt-4o");
    static final ModelId OPEN = ModelId.parse("local/support-desk");
    static final String VENDORS = """
                                  vendors:
                                    openai: {dialect: openai, url: https://api.openai.com}
                                    local:  {engine: embedded}
                                    cluster: {dialect: openai, url: http://vllm:8000, open: true}
                                  """;
    static final String SUPPORT = VENDORS
            + """
              routes:
                support: {candidates: [openai/gpt-4o, local/support-desk], policy: good-enough}
              policies:
                good-enough:
                  minimise: cost
                  subject-to:
                    accuracy: {within: 3 pp, of: openai/gpt-4o}
                    latency: {total-p95: 6 s}
              """;

    private World() {}

    static ParetoConfig config(String yaml) {
        try {
            Path file = Files.createTempFile("pareto", ".yaml");
            try {
                Files.writeString(file, yaml);
                return new ConfigReader().read(file, Map.of());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static RequestFeatures request(String model) {
        return request(model, Overrides.NONE);
    }

    static RequestFeatures request(String model, Overrides overrides) {
        return new RequestFeatures("r-1", model, 100, null, false, false, overrides, "tenant", NOW);
    }

    static Evidence verdict(dev.pareto.policies.swap.Outcome outcome) {
        return verdict(outcome, 0.03, false, NOW.plus(Duration.ofDays(30)));
    }

    static Evidence verdict(dev.pareto.policies.swap.Outcome outcome, double margin, boolean simulated,
            Instant expires) {
        return new Evidence("v-12", "support", OPEN, CLOSED, outcome, margin, -0.004, -0.021, 0.013, 0.95, 0.93, 0.934,
                simulated, "sha256:1", NOW.minus(Duration.ofDays(1)), expires);
    }

    static LatencyForecast latency(long observations, Duration p95) {
        return new LatencyForecast(observations, p95, p95, p95, p95, p95, p95);
    }
}
