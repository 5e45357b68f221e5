package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** Anthropic's usage: input excludes what was read from a cache and written to one; output includes thinking. */
final class AnthropicUsage {

    private AnthropicUsage() {}

    static void read(JsonNode usage, Counts counts) {
        one(usage, counts);
        counts.inform(Usage.REASONING_TOKENS, counts.told(usage.path("output_tokens_details"), "thinking_tokens"));
        // What the vendor's own compaction read and wrote is billed, and the figures above leave it out.
        for (JsonNode iteration : usage.path("iterations")) {
            if (iteration.path("type").asString("").equals("compaction")) {
                one(iteration, counts);
            }
        }
    }

    private static void one(JsonNode usage, Counts counts) {
        counts.need(Buckets.INPUT, counts.told(usage, "input_tokens"));
        counts.need(Buckets.OUTPUT, counts.told(usage, "output_tokens"));
        counts.addUnlessZero(Buckets.CACHE_READ, counts.told(usage, "cache_read_input_tokens"));
        BigDecimal written = counts.of(usage, "cache_creation_input_tokens");
        JsonNode creation = usage.path("cache_creation");
        BigDecimal hour = counts.of(creation, "ephemeral_1h_input_tokens");
        BigDecimal minutes = counts.of(creation, "ephemeral_5m_input_tokens");
        BigDecimal told = hour.add(minutes);
        if (told.compareTo(written) > 0) {
            counts.expect(written.signum() == 0);
        } else {
            // Without a breakdown a write lives for five minutes, the vendor's default.
            minutes = minutes.add(written.subtract(told));
        }
        counts.addUnlessZero(Buckets.CACHE_WRITE_5M, minutes);
        counts.addUnlessZero(Buckets.CACHE_WRITE_1H, hour);
    }
}
