package dev.pareto.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.residency.Residence;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ModelResidenceTest {

    private static final Footprint MEMORY = new Footprint(40, 0, 20, 1);

    @Test
    void eachStateTellsWhatIsKnownOfIt() {
        assertThat(ModelResidence.of(null)).isNull();
        assertThat(ModelResidence.of(new Residence.OnDisk()))
                .isEqualTo(new ModelResidence("on_disk", null, null, null, null, null));
        assertThat(ModelResidence.of(new Residence.Loading(null)))
                .isEqualTo(new ModelResidence("loading", null, null, null, null, null));
        assertThat(ModelResidence.of(new Residence.Unloading(MEMORY)))
                .isEqualTo(new ModelResidence("unloading", 61L, MEMORY, null, null, null));
        assertThat(ModelResidence.of(new Residence.Failed("too large", Duration.ofSeconds(2))))
                .isEqualTo(new ModelResidence("failed", null, null, null, null, "too large"));
    }

    @Test
    void aModelInMemoryIsToldWithItsBytesAndItsLastUse() {
        var told = ModelResidence.of(new Residence.Ready(MEMORY, 0, Duration.ofMinutes(3)));

        assertThat(JsonMapper.shared().writeValueAsString(told))
                .isEqualTo("""
                           {"state":"ready","bytes":61,"memory":{"weights":40,"copies":0,"cache":20,"scratch":1},\
                           "requests":0,"unusedSeconds":180,"reason":null}""");
    }
}
