package dev.pareto.proxy.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.ModelCard;
import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.residency.Residence;
import dev.pareto.engine.residency.ResidencyLimits;
import dev.pareto.engine.residency.ResidencyTotals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

final class EngineMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private EngineLoad load = load(2, 100);
    private boolean closed;
    private final LoadedModel model = model();

    private static EngineLoad load(int running, long cachedTokens) {
        return new EngineLoad(running, 3, 5, Duration.ZERO, 10, 1, 500, cachedTokens, 70, 80, 4, 2.5,
                new EngineLoad.Pages(40, 11, 12, 13), 1 << 20, null, null, null,
                new EngineLoad.Guesses(60, 45));
    }

    /** A model of which only the card and the load are asked. */
    @SuppressWarnings("ReferenceEquality") // what equals means where nothing else is said
    private LoadedModel model() {
        var card = new ModelCard("tiny", null, Path.of("tiny.gguf"), "llama", 1, "F32", 4, 128, 512, "chatml", null,
                null);
        return (LoadedModel) Proxy.newProxyInstance(LoadedModel.class.getClassLoader(),
                new Class<?>[]{LoadedModel.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "card" -> card;
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "load" -> {
                        if (closed) {
                            throw new EngineException.Closed("tiny");
                        }
                        yield load;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private final EngineMeters meters = new EngineMeters(registry,
            () -> new ResidencyTotals(Footprint.NONE, new ResidencyLimits(9_000, 8_000, Duration.ofMinutes(1)), 3, 2,
                    1));

    @Test
    void whatAModelTellsIsReadEachTimeAnew() {
        meters.watch(model);
        assertThat(requests("running")).isEqualTo(2);
        assertThat(requests("waiting")).isEqualTo(3);
        assertThat(pages("all")).isEqualTo(40);
        assertThat(pages("in_use")).isEqualTo(11);
        assertThat(pages("promised")).isEqualTo(12);
        assertThat(pages("kept")).isEqualTo(13);
        assertThat(registry.get("pareto.engine.batch").gauge().value()).isEqualTo(4);
        assertThat(registry.get("pareto.engine.refused").functionCounter().count()).isOne();
        assertThat(tokens("cached")).isEqualTo(100);
        assertThat(guesses("drafted")).isEqualTo(60);
        assertThat(guesses("accepted")).isEqualTo(45);
        load = load(0, 250);
        assertThat(requests("running")).isZero();
        assertThat(tokens("cached")).isEqualTo(250);
        closed = true;
        assertThat(requests("waiting")).isZero();
    }

    @Test
    void aModelThatWasUnloadedIsToldOfNoMoreAndAnewWhenItIsBack() {
        meters.watch(model);
        meters.forget(model);
        assertThat(registry.find("pareto.engine.requests").gauges()).isEmpty();
        assertThat(registry.find("pareto.engine.tokens").functionCounters()).isEmpty();

        load = load(7, 5);
        var again = model();
        meters.watch(again);
        assertThat(requests("running")).isEqualTo(7);
        assertThat(again).isNotSameAs(model);
    }

    @Test
    void theStateOfEachModelAndTheMemoryOfThoseLoadedAreToldByName() {
        meters.tell(Map.of("a", new Residence.Ready(new Footprint(50, 0, 20, 1), 0, Duration.ZERO), "b",
                new Residence.OnDisk()));
        assertThat(registry.get("pareto.engine.state").tag("model", "a").tag("state", "ready").gauge().value())
                .isOne();
        assertThat(registry.get("pareto.engine.memory").tag("model", "a").gauge().value()).isEqualTo(71);

        meters.tell(Map.of("a", new Residence.OnDisk(), "b", new Residence.OnDisk()));
        assertThat(registry.get("pareto.engine.state").tag("model", "a").gauge().getId().getTag("state"))
                .isEqualTo("on_disk");
        assertThat(registry.find("pareto.engine.memory").tag("model", "a").gauge()).isNull();
    }

    @Test
    void theMemoryForModelsTheLoadsAndTheUnloadsAreTold() {
        assertThat(registry.get("pareto.engine.memory.limit").gauge().value()).isEqualTo(9_000);
        assertThat(registry.get("pareto.engine.loads").tag("result", "ok").functionCounter().count()).isEqualTo(3);
        assertThat(registry.get("pareto.engine.loads").tag("result", "failed").functionCounter().count()).isEqualTo(2);
        assertThat(registry.get("pareto.engine.unloads").functionCounter().count()).isOne();
    }

    private double requests(String state) {
        return registry.get("pareto.engine.requests").tag("model", "tiny").tag("state", state).gauge().value();
    }

    private double pages(String state) {
        return registry.get("pareto.engine.pages").tag("model", "tiny").tag("state", state).gauge().value();
    }

    private double guesses(String kind) {
        return registry.get("pareto.engine.guesses").tag("model", "tiny").tag("kind", kind).functionCounter().count();
    }

    private double tokens(String kind) {
        return registry.get("pareto.engine.tokens").tag("model", "tiny").tag("kind", kind).functionCounter().count();
    }
}
