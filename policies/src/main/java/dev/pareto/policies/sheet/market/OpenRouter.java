package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.Buckets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * OpenRouter's {@code /api/v1/models}: US dollars per token as text. It hands the vendors' own prices through, so a model of a
 * vendor that we know is a quote of that vendor; the others are OpenRouter's.
 */
record OpenRouter() implements Catalogue {

    private static final Map<String, String> TOKENS = Map.of("prompt", Buckets.INPUT, "completion", Buckets.OUTPUT,
            "input_cache_read", Buckets.CACHE_READ, "input_cache_write", Buckets.CACHE_WRITE, "internal_reasoning",
            Buckets.OUTPUT_REASONING, "audio", Buckets.INPUT_AUDIO);
    private static final Map<String, String> VENDORS = Map.ofEntries(Map.entry("openai", "openai"),
            Map.entry("anthropic", "anthropic"), Map.entry("google", "google"), Map.entry("mistralai", "mistral"),
            Map.entry("deepseek", "deepseek"), Map.entry("x-ai", "x-ai"), Map.entry("moonshotai", "moonshotai"),
            Map.entry("z-ai", "zai"), Map.entry("minimax", "minimax"), Map.entry("cohere", "cohere"),
            Map.entry("perplexity", "perplexity"), Map.entry("amazon", "aws"));

    @Override
    public String name() {
        return "openrouter";
    }

    @Override
    public Reading read(JsonNode file, Instant when) {
        if (!file.path("data").isArray()) {
            throw new IllegalArgumentException("this is not the answer of OpenRouter's /api/v1/models");
        }
        List<Quote> quotes = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (JsonNode model : file.path("data")) {
            String id = model.path("id").asString("");
            try {
                Bands bands = new Bands();
                TOKENS.forEach((key, bucket) -> bands.perToken(0, cacheOf(id, bucket),
                        Bands.figure(model.path("pricing").path(key), key)));
                bands.put(0, Buckets.REQUEST, Bands.figure(model.path("pricing").path("request"), "request"),
                        Bands.ONE);
                if (bands.withoutIdleZeros().isEmpty()) {
                    throw new IllegalArgumentException("no price is given");
                }
                quotes.add(new Quote(sku(id), "standard", null, bands.list()));
            } catch (IllegalArgumentException unreadable) {
                refused.add(id + ": " + unreadable.getMessage());
            }
        }
        return new Reading(quotes, refused);
    }

    private static String cacheOf(String id, String bucket) {
        return bucket.equals(Buckets.CACHE_WRITE) && id.startsWith("anthropic/") ? Buckets.CACHE_WRITE_5M : bucket;
    }

    /** A variant such as {@code :free} is OpenRouter's own offer. */
    private static String sku(String id) {
        int slash = id.indexOf('/');
        String vendor = slash < 1 || id.indexOf(':') >= 0 ? null : VENDORS.get(id.substring(0, slash));
        return vendor == null ? "openrouter/" + id : vendor + id.substring(slash);
    }
}
