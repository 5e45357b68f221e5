package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** models.dev's {@code api.json}: US dollars per million tokens. A key that nobody knows is refused: misspelt ones occur. */
record ModelsDev() implements Catalogue {

    private static final Map<String, String> BUCKETS = Map.of("input", Buckets.INPUT, "output", Buckets.OUTPUT,
            "cache_read",
            Buckets.CACHE_READ, "cache_write", Buckets.CACHE_WRITE, "reasoning", Buckets.OUTPUT_REASONING,
            "input_audio",
            Buckets.INPUT_AUDIO, "output_audio", Buckets.OUTPUT_AUDIO);
    private static final Set<String> SIZES = Set.of("tiers", "context_over_200k", "tier");
    private static final Map<String, String> VENDORS = Map.ofEntries(Map.entry("openai", "openai"),
            Map.entry("anthropic", "anthropic"), Map.entry("google", "google"), Map.entry("mistral", "mistral"),
            Map.entry("deepseek", "deepseek"), Map.entry("xai", "x-ai"), Map.entry("moonshotai", "moonshotai"),
            Map.entry("zai", "zai"), Map.entry("minimax", "minimax"), Map.entry("alibaba", "dashscope"),
            Map.entry("groq", "groq"), Map.entry("fireworks-ai", "fireworks"), Map.entry("togetherai", "together"),
            Map.entry("cerebras", "cerebras"), Map.entry("perplexity", "perplexity"), Map.entry("cohere", "cohere"),
            Map.entry("amazon-bedrock", "aws"));

    @Override
    public String name() {
        return "models.dev";
    }

    @Override
    public Reading read(JsonNode file, Instant when) {
        JsonNode providers = file.path("providers").isObject() ? file.path("providers") : file;
        if (providers.propertyStream().noneMatch(entry -> VENDORS.containsKey(entry.getKey()))) {
            throw new IllegalArgumentException("this is not models.dev's api.json");
        }
        List<Quote> quotes = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        VENDORS.forEach((provider, vendor) -> {
            JsonNode models = providers.path(provider);
            models = models.path("models").isObject() ? models.path("models") : models;
            models.propertyStream().filter(model -> model.getValue().path("cost").isObject()).forEach(model -> {
                try {
                    quotes.add(model(vendor, model.getKey(), model.getValue().path("cost")));
                } catch (IllegalArgumentException | ArithmeticException unreadable) {
                    refused.add(provider + "/" + model.getKey() + ": " + unreadable.getMessage());
                }
            });
        });
        return new Reading(quotes, refused);
    }

    private static Quote model(String vendor, String name, JsonNode cost) {
        Bands bands = new Bands();
        prices(vendor, 0, cost, bands);
        for (JsonNode tier : cost.path("tiers")) {
            BigDecimal size = Bands.figure(tier.path("tier").path("size"), "size");
            if (size == null) {
                throw new IllegalArgumentException("a tier without a size");
            }
            prices(vendor, size.longValueExact() + 1, tier, bands);
        }
        if (cost.path("context_over_200k").isObject()) {
            prices(vendor, 200_001, cost.path("context_over_200k"), bands);
        }
        if (bands.withoutIdleZeros().isEmpty()) {
            throw new IllegalArgumentException("no price is given");
        }
        return new Quote(vendor + "/" + name, "standard", null, bands.list());
    }

    private static void prices(String vendor, long from, JsonNode prices, Bands bands) {
        prices.propertyStream().filter(entry -> !SIZES.contains(entry.getKey())).forEach(entry -> {
            String bucket = BUCKETS.get(entry.getKey());
            if (bucket == null) {
                throw new IllegalArgumentException("unknown key '" + entry.getKey() + "'");
            }
            boolean minutes = bucket.equals(Buckets.CACHE_WRITE) && vendor.equals("anthropic");
            bands.perMillion(from, minutes ? Buckets.CACHE_WRITE_5M : bucket,
                    Bands.figure(entry.getValue(), entry.getKey()));
        });
    }
}
