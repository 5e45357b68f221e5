package dev.pareto.proxy.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.ModelCard;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

final class EngineMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private EngineLoad load = load(2, 100);
    private boolean closed;
    private final LoadedModel model = model();

    private static EngineLoad load(int running, long cachedTokens) {
        return new EngineLoad(running, 3, 10, 1, 500, cachedTokens, 70, 80, 4, 2.5,
                new EngineLoad.Pages(40, 11, 12, 13), 1 << 20, null, null, null,
                new EngineLoad.Guesses(60, 45));
    }

    /** A model of which only the card and the load are asked. */
    private LoadedModel model() {
        var card = new ModelCard("tiny", null, Path.of("tiny.gguf"), "llama", 1, "F32", 4, 128, 512, "chatml", null,
                null);
        return (LoadedModel) Proxy.newProxyInstance(LoadedModel.class.getClassLoader(),
                new Class<?>[]{LoadedModel.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "card" -> card;
                    case "load" -> {
                        if (closed) {
                            throw new EngineException.Closed("tiny");
                        }
                        yield load;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void whatAModelTellsIsReadEachTimeAnew() {
        new EngineMeters(registry).watch(model);
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
