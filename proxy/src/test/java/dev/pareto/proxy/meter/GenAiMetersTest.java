package dev.pareto.proxy.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

final class GenAiMetersTest {

    private static final Model GEMINI = new Model(new ModelId("gemini", "gemini-3-pro"), false, null, Set.of());

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final GenAiMeters meters = new GenAiMeters(registry);

    @Test
    void countsOfReadTokensIncludeTheCachesAndThoseOfWrittenTheReasoning() {
        meters.ended(GEMINI, true, Duration.ofMillis(300), Duration.ofSeconds(2),
                new Usage(
                        new TreeMap<>(Map.of(Buckets.INPUT, BigDecimal.valueOf(10), Buckets.CACHE_READ,
                                BigDecimal.valueOf(100),
                                Buckets.CACHE_WRITE_5M, BigDecimal.valueOf(7), Buckets.OUTPUT, BigDecimal.valueOf(20))),
                        new TreeMap<>(Map.of(Usage.REASONING_TOKENS, BigDecimal.valueOf(15))), false),
                null);

        String labels = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"gcp.gemini\","
                + "gen_ai_request_model=\"gemini-3-pro\",gen_ai_token_modality=\"unknown\"} ";
        assertThat(registry.scrape())
                .contains("gen_ai_client_inference_usage_input_tokens_total" + labels + "117.0")
                .contains("gen_ai_client_inference_usage_output_tokens_total" + labels + "20.0")
                .contains("gen_ai_client_inference_usage_cache_read_input_tokens_total" + labels + "100.0")
                .contains("gen_ai_client_inference_usage_cache_write_input_tokens_total" + labels + "7.0")
                .contains("gen_ai_client_inference_usage_reasoning_output_tokens_total" + labels + "15.0");
    }

    @Test
    void failuresAreTimedToo() {
        meters.ended(GEMINI, true, null, Duration.ofMillis(15), null, "upstream_status_503");
        meters.ended(GEMINI, true, Duration.ofMillis(3), Duration.ofMillis(25), null, null);

        String model = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"gcp.gemini\",gen_ai_request_model=\"gemini-3-pro\"";
        assertThat(registry.scrape())
                .contains("gen_ai_client_inference_duration_seconds_bucket{error_type=\"upstream_status_503\"," + model
                        + ",le=\"0.02\"} 1")
                .contains(
                        "gen_ai_client_inference_duration_seconds_bucket{error_type=\"\"," + model + ",le=\"0.02\"} 0")
                .contains(
                        "gen_ai_client_inference_duration_seconds_bucket{error_type=\"\"," + model + ",le=\"81.92\"} 1")
                .contains("gen_ai_client_inference_time_to_first_chunk_seconds_count{error_type=\"\"," + model + "} 1")
                .doesNotContain("input_tokens");
    }
}
