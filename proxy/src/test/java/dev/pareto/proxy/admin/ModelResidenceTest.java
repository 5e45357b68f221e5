package dev.pareto.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.residency.Residence;
import dev.pareto.proxy.upstream.LocalModels;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ModelResidenceTest {

    private static final Footprint MEMORY = new Footprint(40, 0, 20, 1);
    private static final EngineLoad LOAD = new EngineLoad(2, 3, 5, Duration.ZERO, 10, 1, 500, 0, 70, 80, 4, 2.5,
            new EngineLoad.Pages(40, 11, 12, 13), 1 << 20, null, null, null, new EngineLoad.Guesses(0, 0));

    private static @Nullable ModelResidence of(Residence residence) {
        return ModelResidence.of(new LocalModels.Status(residence, false, null));
    }

    @Test
    void eachStateTellsWhatIsKnownOfIt() {
        assertThat(ModelResidence.of(null)).isNull();
        assertThat(of(new Residence.OnDisk()))
                .isEqualTo(new ModelResidence("on_disk", false, null, null, null, null, null, null, null));
        assertThat(of(new Residence.Loading(null)))
                .isEqualTo(new ModelResidence("loading", false, null, null, null, null, null, null, null));
        assertThat(of(new Residence.Unloading(MEMORY)))
                .isEqualTo(new ModelResidence("unloading", false, 61L, MEMORY, null, null, null, null, null));
        assertThat(of(new Residence.Failed("too large", Duration.ofSeconds(2))))
                .isEqualTo(new ModelResidence("failed", false, null, null, null, null, null, null, "too large"));
    }

    @Test
    void aModelInMemoryIsToldWithItsBytesItsQueueAndItsLastUse() {
        var told = ModelResidence.of(
                new LocalModels.Status(new Residence.Ready(MEMORY, 5, Duration.ofMinutes(3)), true, LOAD));

        assertThat(JsonMapper.shared().writeValueAsString(told))
                .isEqualTo("""
                           {"state":"ready","pinned":true,"bytes":61,\
                           "memory":{"weights":40,"copies":0,"cache":20,"scratch":1},\
                           "requests":5,"running":2,"waiting":3,"unusedSeconds":180,"reason":null}""");
    }
}
