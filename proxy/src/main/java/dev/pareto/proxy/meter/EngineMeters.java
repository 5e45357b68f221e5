package dev.pareto.proxy.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.residency.Residence;
import dev.pareto.engine.residency.ResidencyTotals;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

/** What local models tell of their work, asked each time the meters are read. */
public final class EngineMeters {

    private final MeterRegistry registry;
    private final Supplier<ResidencyTotals> totals;
    private final MultiGauge states;
    private final MultiGauge memory;
    /** Of each model in memory. */
    private final ConcurrentMap<LoadedModel, List<Meter>> meters = new ConcurrentHashMap<>();

    /** @param totals of all local models together, asked each time the meters are read */
    public EngineMeters(MeterRegistry registry, Supplier<ResidencyTotals> totals) {
        this.registry = registry;
        this.totals = totals;
        this.states = MultiGauge.builder("pareto.engine.state")
                .description("1 for the state that a local model is in")
                .register(registry);
        this.memory = MultiGauge.builder("pareto.engine.memory")
                .description("Memory that a local model takes at most while it is loaded")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("pareto.engine.memory.limit", () -> totals.get().limits().memoryBytes())
                .description("Memory that all local models together may take")
                .baseUnit("bytes")
                .register(registry);
        loads("ok", ResidencyTotals::loads);
        loads("failed", ResidencyTotals::failures);
        FunctionCounter.builder("pareto.engine.unloads", this, meters -> meters.totals.get().unloads())
                .description("Local models that were unloaded")
                .register(registry);
    }

    private void loads(String result, ToLongFunction<ResidencyTotals> value) {
        FunctionCounter.builder("pareto.engine.loads", this, all -> value.applyAsLong(all.totals.get()))
                .description("Local models that were loaded, and those that could not be")
                .tag("result", result)
                .register(registry);
    }

    /** Where the models are now, by name. */
    public void tell(Map<String, Residence> models) {
        List<Row<?>> now = new ArrayList<>();
        List<Row<?>> takes = new ArrayList<>();
        models.forEach((model, residence) -> {
            now.add(Row.of(Tags.of("model", model, "state", residence.word()), 1));
            if (residence instanceof Residence.Ready ready) {
                takes.add(Row.of(Tags.of("model", model), ready.takes().total()));
            }
        });
        states.register(now, true);
        memory.register(takes, true);
    }

    /** From now on the meters tell of this model, too. */
    public void watch(LoadedModel model) {
        List<Meter> all = new ArrayList<>();
        all.add(requests(model, "running", EngineLoad::running));
        all.add(requests(model, "waiting", EngineLoad::waiting));
        all.add(pages(model, "in_use", load -> load.pages().inUse()));
        all.add(pages(model, "promised", load -> load.pages().promised()));
        all.add(pages(model, "kept", load -> load.pages().kept()));
        all.add(pages(model, "all", load -> load.pages().total()));
        all.add(tokens(model, "prompt", EngineLoad::promptTokens));
        all.add(tokens(model, "cached", EngineLoad::cachedTokens));
        all.add(tokens(model, "completion", EngineLoad::completionTokens));
        all.add(guesses(model, "drafted", load -> load.guesses().drafted()));
        all.add(guesses(model, "accepted", load -> load.guesses().accepted()));
        all.add(gauge(model, "pareto.engine.batch", EngineLoad::batch)
                .description("Requests computed together in the last step of a local model")
                .register(registry));
        all.add(counter(model, "pareto.engine.steps", EngineLoad::steps)
                .description("Steps of a local model, each for several requests at once")
                .register(registry));
        all.add(counter(model, "pareto.engine.refused", EngineLoad::refused)
                .description("Requests that a local model refused because it was busy")
                .register(registry));
        meters.put(model, all);
    }

    /** The model is about to go; its counters begin at zero should it come back. */
    public void forget(LoadedModel model) {
        List<Meter> gone = meters.remove(model);
        if (gone != null) {
            gone.forEach(registry::remove);
        }
    }

    private Meter requests(LoadedModel model, String state, ToDoubleFunction<EngineLoad> value) {
        return gauge(model, "pareto.engine.requests", value).description("Requests of a local model")
                .tag("state", state)
                .register(registry);
    }

    private Meter pages(LoadedModel model, String state, ToDoubleFunction<EngineLoad> value) {
        return gauge(model, "pareto.engine.pages", value).description("Pages of a local model's key-value caches")
                .tag("state", state)
                .register(registry);
    }

    private Meter tokens(LoadedModel model, String kind, ToDoubleFunction<EngineLoad> value) {
        return counter(model, "pareto.engine.tokens", value)
                .description("Tokens of prompts computed, of prompts taken over from earlier ones, and of answers")
                .tag("kind", kind)
                .register(registry);
    }

    private Meter guesses(LoadedModel model, String kind, ToDoubleFunction<EngineLoad> value) {
        return counter(model, "pareto.engine.guesses", value)
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
