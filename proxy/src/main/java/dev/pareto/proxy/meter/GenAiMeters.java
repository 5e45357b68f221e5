package dev.pareto.proxy.meter;

import java.time.Duration;
import java.util.Map;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Upstream calls under the names of OpenTelemetry's conventions for generative AI (client metrics; status: development), so that boards
 * made for them fit. Input counts include what was read from a cache or written to one, output counts include reasoning, as the
 * conventions say; the names of the answering model and of the server are left out, for they are not ours to bound. Thread-safe.
 */
final class GenAiMeters {

    /** The conventions' names of vendors that our catalogue calls otherwise. */
    private static final Map<String, String> PROVIDERS = Map.of("gemini", "gcp.gemini", "vertex", "gcp.vertex_ai",
            "bedrock",
            "aws.bedrock", "azure", "azure.ai.openai", "mistral", "mistral_ai", "xai", "x_ai", "moonshot",
            "moonshot_ai");

    private final MeterRegistry registry;

    GenAiMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * A call ended, well or not.
     *
     * @param model as the catalogue names it
     * @param generates whether it asked for text, as opposed to embeddings
     * @param firstByte from the start of the call; null when no byte came
     * @param usage null when nobody knows it
     * @param errorCode null when it did not fail
     */
    void ended(Model model, boolean generates, @Nullable Duration firstByte, Duration total, @Nullable Usage usage,
            @Nullable String errorCode) {
        String vendor = model.id().vendor();
        Tags call = Tags.of("gen_ai.operation.name", generates ? "chat" : "embeddings", "gen_ai.provider.name",
                PROVIDERS.getOrDefault(vendor, vendor), "gen_ai.request.model",
                model.listed() ? model.id().name() : "(unlisted)");
        Tags ended = call.and("error.type", errorCode == null ? "" : errorCode);
        timer("gen_ai.client.inference.duration", "Time of a call to a model", 10, 14, ended).record(total);
        if (firstByte != null) {
            timer("gen_ai.client.inference.time_to_first_chunk", "Time to the first piece of an answer", 1, 14, ended)
                    .record(firstByte);
        }
        if (usage != null) {
            tokens(call, usage);
        }
    }

    private void tokens(Tags call, Usage usage) {
        add("gen_ai.client.inference.usage.input_tokens", "Tokens read, from caches too", (double) usage.promptTokens(),
                call);
        add("gen_ai.client.inference.usage.output_tokens", "Tokens written, reasoning too",
                (double) usage.outputTokens(), call);
        add("gen_ai.client.inference.usage.cache_read.input_tokens", "Of those read, from a cache",
                sum(usage, Buckets.CACHE_READ), call);
        add("gen_ai.client.inference.usage.cache_write.input_tokens", "Of those read, written to a cache",
                sum(usage, Buckets.CACHE_WRITE), call);
        add("gen_ai.client.inference.usage.reasoning.output_tokens", "Of those written, reasoning",
                usage.information().containsKey(Usage.REASONING_TOKENS)
                        ? usage.information().get(Usage.REASONING_TOKENS).doubleValue()
                        : usage.quantity(Buckets.OUTPUT_REASONING).doubleValue(),
                call);
    }

    /** A bucket with its finer ones. */
    private static double sum(Usage usage, String bucket) {
        return usage.quantities()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().startsWith(bucket) && Buckets.isPrompt(entry.getKey()))
                .mapToDouble(entry -> entry.getValue().doubleValue())
                .sum();
    }

    private void add(String name, String description, double tokens, Tags call) {
        Counter.builder(name)
                .description(description)
                .baseUnit("tokens")
                .tags(call.and(Tag.of("gen_ai.token.modality", "unknown")))
                .register(registry)
                .increment(tokens);
    }

    /** Bounds double from the first, as the conventions advise. */
    private Timer timer(String name, String description, long firstMillis, int bounds, Tags tags) {
        Duration[] objectives = new Duration[bounds];
        for (int i = 0; i < bounds; i++) {
            objectives[i] = Duration.ofMillis(firstMillis << i);
        }
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(objectives)
                .tags(tags)
                .register(registry);
    }
}
