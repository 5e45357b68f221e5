package dev.pareto.proxy.cli.swap;

import dev.pareto.proxy.cli.Main;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Swapping;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SwapCommandsTest {

    @Test
    void aPersonSeesAndSteersSwaps(@TempDir Path folder) {
        try (var openai = new FakeVendor();
                var cluster = new FakeVendor();
                Gateway gateway = Gateway.start(folder,
                        Swapping.config(openai, cluster, "approval: manual, shadow: 10 %, ramp: [5 %]"))) {
            assertThat(run(gateway, "list").out()).contains("r → cluster/tiny  CLOSED 0 %");
            assertThat(run(gateway, "approve", "r", "--by", "ann").err())
                    .contains("swap of r to cluster/tiny is closed: there is nothing to approve");
            new Swapping(gateway.adminUrl()).verdict("v1", Outcome.NON_INFERIOR);

            assertThat(run(gateway, "approve", "r", "--by", "ann", "--reason", "agreed").out()).contains("SHADOW 0 %");
            assertThat(run(gateway, "list").out()).doesNotContain("awaits approval");
            assertThat(run(gateway, "approve", "r", "--by", "ann").err()).contains("the next step is not due",
                    "100 more answers", "--skip-waiting");
            assertThat(run(gateway, "approve", "r", "--by", "ann", "--skip-waiting").err())
                    .contains("say who decides and why");
            assertThat(run(gateway, "approve", "r", "--by", "ann", "--skip-waiting", "--reason", "seen enough").out())
                    .contains("RAMP 5 %");
            assertThat(run(gateway, "freeze", "r", "--by", "bob", "--reason", "audit", "--for", "2d").out())
                    .contains("[freeze by bob until");
            assertThat(run(gateway, "override", "r", "--reason", "trial", "--for", "1h", "--share", "20%").err())
                    .contains("it is held; release it first");
            assertThat(run(gateway, "release", "r").out()).contains("RAMP 5 %");
            assertThat(run(gateway, "override", "r", "--reason", "trial", "--for", "1h", "--share", "20%").out())
                    .contains("RAMP 20 %");
            assertThat(run(gateway, "release", "r").out()).contains("RAMP 5 %");
            assertThat(run(gateway, "rollback", "r", "--reason", "a complaint").out()).contains("ROLLED_BACK 0 %");
            assertThat(run(gateway, "roll-back", "r", "--reason", "again").status()).isEqualTo(1);
            assertThat(run(gateway, "override", "r", "--reason", "x", "--for", "soon", "--share", "20%").err())
                    .contains("a time such as");

            assertThat(run(gateway, "show", "r").out()).contains("guard errors", "allowed: nothing seen yet",
                    "by ann: agreed", "RAMP → ROLLED_BACK").doesNotContain("e^");
            JsonNode shown = JsonMapper.shared().readTree(run(gateway, "show", "r", "--json").out());
            assertThat(shown.path("moves").size()).isEqualTo(8);
            assertThat(run(gateway, "show", "nowhere").err()).contains("there is no swap of route nowhere");
        }
    }

    private record Said(int status, String out, String err) {}

    private static Said run(Gateway gateway, String... arguments) {
        var all = new ArrayList<>(List.of("swap"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--gateway", gateway.url().toString(), "--admin", gateway.adminUrl().toString()));
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Said(status, out.toString(), err.toString());
    }
}
