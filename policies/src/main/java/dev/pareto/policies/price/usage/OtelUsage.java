package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The attributes of an OpenTelemetry span of the GenAI conventions: {@code gen_ai.usage.input_tokens} includes what was read from a
 * cache and written to one, {@code output_tokens} includes reasoning.
 */
final class OtelUsage {

    private static final String USAGE = "gen_ai.usage.";
    private static final Set<String> GENERATING = Set.of("chat", "generate_content", "text_completion");

    private OtelUsage() {}

    static void read(JsonNode raw, Counts counts) {
        JsonNode usage = raw.path("attributes").isObject() ? raw.path("attributes") : raw;
        BigDecimal input = told(counts, usage, "input_tokens", "prompt_tokens");
        if (input != null) {
            BigDecimal left = input;
            BigDecimal audioRead = counts.take(Buckets.CACHE_READ_AUDIO,
                    of(counts, usage, "audio.cache_read.input_tokens"), left);
            left = left.subtract(audioRead);
            BigDecimal imageRead = counts.take(Buckets.CACHE_READ_IMAGE,
                    of(counts, usage, "image.cache_read.input_tokens"), left);
            left = left.subtract(imageRead);
            BigDecimal read = of(counts, usage, "cache_read.input_tokens").subtract(audioRead).subtract(imageRead);
            left = left.subtract(counts.take(Buckets.CACHE_READ, read.max(BigDecimal.ZERO), left));
            left = left.subtract(counts.take(Buckets.CACHE_WRITE,
                    of(counts, usage, "cache_write.input_tokens", "cache_creation.input_tokens"), left));
            left = left.subtract(counts.take(Buckets.INPUT_AUDIO,
                    of(counts, usage, "audio.input_tokens").subtract(audioRead).max(BigDecimal.ZERO), left));
            left = left.subtract(counts.take(Buckets.INPUT_IMAGE,
                    of(counts, usage, "image.input_tokens").subtract(imageRead).max(BigDecimal.ZERO), left));
            counts.put(Buckets.INPUT, left);
        }
        BigDecimal output = told(counts, usage, "output_tokens", "completion_tokens");
        if (input == null && output != null) {
            counts.need(Buckets.INPUT, null);
        } else if (output == null && input != null
                && GENERATING.contains(usage.path("gen_ai.operation.name").asString(""))) {
            counts.need(Buckets.OUTPUT, null);
        }
        if (output != null) {
            BigDecimal left = output;
            left = left.subtract(counts.take(Buckets.OUTPUT_AUDIO, of(counts, usage, "audio.output_tokens"), left));
            left = left.subtract(counts.take(Buckets.OUTPUT_IMAGE, of(counts, usage, "image.output_tokens"), left));
            counts.put(Buckets.OUTPUT, left);
            counts.inform(Usage.REASONING_TOKENS, told(counts, usage, "reasoning.output_tokens"));
        }
    }

    private static @Nullable BigDecimal told(Counts counts, JsonNode usage, String... names) {
        String[] keys = names.clone();
        for (int i = 0; i < keys.length; i++) {
            keys[i] = USAGE + keys[i];
        }
        return counts.told(usage, keys);
    }

    private static BigDecimal of(Counts counts, JsonNode usage, String... names) {
        BigDecimal value = told(counts, usage, names);
        return value == null ? BigDecimal.ZERO : value;
    }
}
