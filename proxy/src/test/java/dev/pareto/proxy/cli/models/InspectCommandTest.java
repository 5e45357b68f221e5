package dev.pareto.proxy.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.engine.LocalEngine;
import dev.pareto.proxy.cli.Ran;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class InspectCommandTest {

    @TempDir
    private Path home;

    @Test
    void theLoopsThatComputeOnThisMachineAreNamed() {
        String chosen = LocalEngine.kernels().name();
        Ran shown = Ran.models(home, "inspect", Ran.goldenModel("quant-Q4_0").toString());
        Ran document = Ran.models(home, "inspect", "support-desk", "--json");

        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out().lines()).anyMatch(line -> line.startsWith("  kernels    " + chosen + " ("));
        assertThat(shown.out().contains("Q4_0 multiplied from copies in a layout of their own"))
                .isEqualTo(LocalEngine.kernels().copied().contains("Q4_0"));
        JsonNode json = JsonMapper.shared().readTree(document.out());
        assertThat(json.path("name").asString()).isEqualTo("support-desk");
        assertThat(json.path("kernels").path("name").asString()).isEqualTo(chosen);
        assertThat(json.path("kernels").path("why").asString()).isNotBlank();
    }
}
