package dev.pareto.proxy.meter;

import java.util.function.ToDoubleFunction;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.LoadedModel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What local models tell of their work, asked each time the meters are read. */
public final class EngineMeters {

    private final MeterRegistry registry;

    public EngineMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** From now on the meters tell of this model, too; one that is loaded again is told of already. */
    public void watch(LoadedModel model) {
        requests(model, "running", EngineLoad::running);
        requests(model, "waiting", EngineLoad::waiting);
        pages(model, "in_use", load -> load.pages().inUse());
        pages(model, "promised", load -> load.pages().promised());
        pages(model, "kept", load -> load.pages().kept());
        pages(model, "all", load -> load.pages().total());
        tokens(model, "prompt", EngineLoad::promptTokens);
        tokens(model, "cached", EngineLoad::cachedTokens);
        tokens(model, "completion", EngineLoad::completionTokens);
        guesses(model, "drafted", load -> load.guesses().drafted());
        guesses(model, "accepted", load -> load.guesses().accepted());
        gauge(model, "pareto.engine.batch", EngineLoad::batch)
                .description("Requests computed together in the last step of a local model")
                .register(registry);
        counter(model, "pareto.engine.steps", EngineLoad::steps)
                .description("Steps of a local model, each for several requests at once")
                .register(registry);
        counter(model, "pareto.engine.refused", EngineLoad::refused)
                .description("Requests that a local model refused because it was busy")
                .register(registry);
    }

    private void requests(LoadedModel model, String state, ToDoubleFunction<EngineLoad> value) {
        gauge(model, "pareto.engine.requests", value).description("Requests of a local model")
                .tag("state", state)
                .register(registry);
    }

    private void pages(LoadedModel model, String state, ToDoubleFunction<EngineLoad> value) {
        gauge(model, "pareto.engine.pages", value).description("Pages of a local model's key-value caches")
                .tag("state", state)
                .register(registry);
    }

    private void tokens(LoadedModel model, String kind, ToDoubleFunction<EngineLoad> value) {
        counter(model, "pareto.engine.tokens", value)
                .description("Tokens of prompts computed, of prompts taken over from earlier ones, and of answers")
                .tag("kind", kind)
                .register(registry);
    }

    private void guesses(LoadedModel model, String kind, ToDoubleFunction<EngineLoad> value) {
        counter(model, "pareto.engine.guesses", value)
                .description("Tokens of answers that were guessed ahead, and those of them that were right")
                .tag("kind", kind)
                .register(registry);
    }

    private static Gauge.Builder<LoadedModel> gauge(LoadedModel model, String name,
            ToDoubleFunction<EngineLoad> value) {
        return Gauge.builder(name, model, loaded -> read(loaded, value)).tag("model", model.card().name());
    }

    private static FunctionCounter.Builder<LoadedModel> counter(LoadedModel model, String name,
            ToDoubleFunction<EngineLoad> value) {
        return FunctionCounter.builder(name, model, loaded -> read(loaded, value)).tag("model", model.card().name());
    }

    /** A model that was closed is idle. */
    private static double read(LoadedModel model, ToDoubleFunction<EngineLoad> value) {
        try {
            return value.applyAsDouble(model.load());
        } catch (EngineException.Closed closed) {
            return 0;
        }
    }
}
