package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** The usage of Bedrock's Converse: input excludes what was read from a cache and written to one. */
final class BedrockUsage {

    private BedrockUsage() {}

    static void read(JsonNode usage, Counts counts) {
        BigDecimal total = counts.told(usage, "totalTokens");
        BigDecimal input = counts.told(usage, "inputTokens");
        BigDecimal output = counts.told(usage, "outputTokens");
        // With a cache nobody knows whether the total counts it.
        BigDecimal sure = cached(usage, counts) ? null : total;
        if (input == null && output != null) {
            input = counts.rest(Buckets.INPUT, sure, output);
        } else if (output == null && input != null) {
            output = counts.rest(Buckets.OUTPUT, sure, input);
        }
        counts.put(Buckets.INPUT, input);
        counts.put(Buckets.OUTPUT, output);
        BigDecimal plain = counts.sum();
        counts.addUnlessZero(Buckets.CACHE_READ,
                counts.told(usage, "cacheReadInputTokens", "cacheReadInputTokenCount"));
        BigDecimal written = counts.of(usage, "cacheWriteInputTokens", "cacheWriteInputTokenCount");
        BigDecimal told = BigDecimal.ZERO;
        for (JsonNode detail : usage.path("cacheDetails")) {
            BigDecimal tokens = counts.of(detail, "inputTokens");
            counts.addUnlessZero(bucket(detail.path("ttl").asString("")), tokens);
            told = told.add(tokens);
        }
        counts.expect(written.signum() == 0 || told.compareTo(written) <= 0);
        counts.addUnlessZero(Buckets.CACHE_WRITE, written.subtract(told));
        // Some models' totals count the cached tokens, some leave them out.
        counts.expect(total == null || input == null || output == null || total.compareTo(counts.sum()) == 0
                || total.compareTo(plain) == 0);
    }

    private static boolean cached(JsonNode usage, Counts counts) {
        return counts.of(usage, "cacheReadInputTokens", "cacheReadInputTokenCount").signum() > 0
                || counts.of(usage, "cacheWriteInputTokens", "cacheWriteInputTokenCount").signum() > 0
                || !usage.path("cacheDetails").isEmpty();
    }

    private static String bucket(String lifetime) {
        return switch (lifetime) {
            case "5m" -> Buckets.CACHE_WRITE_5M;
            case "1h" -> Buckets.CACHE_WRITE_1H;
            default -> Buckets.CACHE_WRITE;
        };
    }
}
