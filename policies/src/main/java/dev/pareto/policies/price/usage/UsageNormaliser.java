package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Usage;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Turns a vendor's own usage object into disjoint buckets. Vendors count differently: OpenAI's prompt includes what was cached,
 * Anthropic's excludes it, Gemini's output excludes thoughts. Stateless. Contradicting figures are clamped so that no bucket is
 * negative and the prompt's sum is kept, and the result is marked inconsistent.
 */
public final class UsageNormaliser {

    /** Raised whenever the same usage object may come out in other buckets than before. */
    public static final int VERSION = 3;

    private static final Set<String> OPENAI_SHAPED = Set.of("openai", "azure", "azure-openai", "azure_openai",
            "deepseek", "mistral",
            "xai", "x-ai", "x_ai", "groq", "together", "fireworks", "cerebras", "perplexity", "openrouter", "moonshot",
            "moonshotai",
            "zai", "z-ai", "zhipu", "zhipuai", "minimax", "qwen", "dashscope", "alibaba", "nvidia", "vllm", "sglang",
            "llamacpp",
            "ollama", "huggingface", "novita", "deepinfra", "baseten", "sambanova", "github", "litellm", "cloudflare",
            "voyage",
            "voyageai", "jina", "local", "modal", "hyperbolic", "nebius", "arcee", "ai21", "databricks", "watsonx");
    private static final Set<String> ANTHROPIC_SHAPED = Set.of("anthropic", "claude");
    private static final Set<String> GEMINI_SHAPED = Set.of("gemini", "google", "vertex", "vertexai", "vertex_ai",
            "vertex-ai");
    private static final Set<String> BEDROCK = Set.of("bedrock", "aws", "amazon");

    /**
     * @param dialect vendor and API, e.g. {@code openai.chat}, {@code anthropic.messages}, {@code gemini.generateContent},
     *            {@code bedrock.converse}, {@code deepseek.chat}, {@code otel}
     * @param usageRaw the usage object itself, an object that holds it where the vendor's answers and events do, or an array of
     *            the snapshots of one stream, of which the last figures hold
     * @throws IllegalArgumentException when the dialect is unknown, a figure is no count, or there is no figure that the
     *             dialect knows
     */
    public Usage normalise(String dialect, JsonNode usageRaw) {
        Dialect name = Dialect.parse(dialect);
        JsonNode usage = Unwrap.usage(usageRaw);
        Counts counts = new Counts();
        Shape shape = name.shape(usage);
        switch (shape) {
            case OPENAI -> new OpenAiUsage(name.vendor(), name.api()).read(usage, counts);
            case ANTHROPIC -> AnthropicUsage.read(usage, counts);
            case GEMINI -> GeminiUsage.read(usage, counts);
            case BEDROCK -> BedrockUsage.read(usage, counts);
            case COHERE -> CohereUsage.read(usage, name.api().startsWith("chat"), counts);
            case OTEL -> OtelUsage.read(usage, counts);
            case UNITS -> UnitUsage.read(usage, counts);
            case BUCKETS -> UnitUsage.buckets(usage, counts);
        }
        if (shape != Shape.UNITS && shape != Shape.BUCKETS) {
            ToolCalls.read(usageRaw, usage, counts);
            if (counts.isEmpty() && UnitUsage.sells(name.api())) {
                UnitUsage.read(usage, counts);
            }
        }
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("usage holds no count that dialect '" + dialect + "' knows, only "
                    + usage.propertyNames().stream().limit(12).toList());
        }
        return counts.done();
    }

    /** How a usage object is laid out. */
    private enum Shape {
        OPENAI, ANTHROPIC, GEMINI, BEDROCK, COHERE, OTEL, UNITS, BUCKETS
    }

    /**
     * @param vendor who counts
     * @param api through which of its doors; empty when the dialect does not say
     */
    private record Dialect(String name, String vendor, String api) {

        static Dialect parse(String dialect) {
            String lower = dialect.toLowerCase(Locale.ROOT).strip();
            String[] parts = lower.split("[./:]", 2);
            return new Dialect(dialect, parts[0], parts.length == 2 ? parts[1] : "");
        }

        /** The vendor decides, unless the door is another vendor's, e.g. {@code vertex.anthropic} or {@code gemini.openai}. */
        Shape shape(JsonNode usage) {
            if (vendor.equals("focus") || vendor.equals("buckets")) {
                return Shape.BUCKETS;
            }
            if (vendor.equals("otel") || vendor.equals("opentelemetry") || vendor.equals("gen_ai")) {
                return Shape.OTEL;
            }
            if (name.equalsIgnoreCase("mistral.ocr") || UnitUsage.DIALECTS.contains(vendor)) {
                // Models that hear, speak and draw are sold by the token, too.
                return UnitUsage.isInTokens(usage) ? Shape.OPENAI : Shape.UNITS;
            }
            boolean known = OPENAI_SHAPED.contains(vendor) || ANTHROPIC_SHAPED.contains(vendor)
                    || GEMINI_SHAPED.contains(vendor) || BEDROCK.contains(vendor) || vendor.equals("cohere");
            if (!known) {
                throw new IllegalArgumentException("unknown usage dialect '" + name + "'");
            }
            if (api.contains("anthropic") || (api.contains("messages") && !vendor.equals("openai"))) {
                return Shape.ANTHROPIC;
            }
            if (api.contains("openai") || api.startsWith("chat") || api.startsWith("responses")) {
                return vendor.equals("cohere") && usage.has("billed_units") ? Shape.COHERE : Shape.OPENAI;
            }
            return byVendor(usage);
        }

        private Shape byVendor(JsonNode usage) {
            if (ANTHROPIC_SHAPED.contains(vendor)) {
                return Shape.ANTHROPIC;
            }
            if (GEMINI_SHAPED.contains(vendor)) {
                // The live API tells its counts as OpenAI's realtime API does, or as the rest of Gemini.
                return usage.has("output_tokens") || usage.has("input_tokens") ? Shape.OPENAI : Shape.GEMINI;
            }
            if (BEDROCK.contains(vendor)) {
                // Converse has its own shape; InvokeModel answers as the model's maker does.
                return usage.has("input_tokens")
                        ? Shape.ANTHROPIC
                        : usage.has("prompt_tokens") ? Shape.OPENAI : Shape.BEDROCK;
            }
            return vendor.equals("cohere") ? Shape.COHERE : Shape.OPENAI;
        }
    }
}
