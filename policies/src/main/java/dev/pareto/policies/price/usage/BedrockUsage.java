package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** The usage of Bedrock's Converse: input excludes what was read from a cache and written to one. */
final class BedrockUsage {

    private BedrockUsage() {}

    static void read(JsonNode usage, Counts counts) {
        counts.put(Buckets.INPUT, counts.told(usage, "inputTokens"));
        counts.put(Buckets.OUTPUT, counts.told(usage, "outputTokens"));
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
        BigDecimal total = counts.told(usage, "totalTokens");
        // Some models' totals count the cached tokens, some leave them out.
        counts.expect(total == null || total.compareTo(counts.sum()) == 0 || total.compareTo(plain) == 0);
    }

    private static String bucket(String lifetime) {
        return switch (lifetime) {
            case "5m" -> Buckets.CACHE_WRITE_5M;
            case "1h" -> Buckets.CACHE_WRITE_1H;
            default -> Buckets.CACHE_WRITE;
        };
    }
}
