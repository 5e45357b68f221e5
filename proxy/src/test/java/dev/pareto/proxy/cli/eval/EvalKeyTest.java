package dev.pareto.proxy.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.proxy.cli.Ran;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evals through a gateway that asks its callers for a key. */
final class EvalKeyTest {

    @TempDir
    private Path folder;

    @Test
    void theKeyOpensTheGatewayAndWithoutOneTheCommandSaysWhatIsMissing() throws IOException {
        try (var vendor = new FakeVendor();
                var gateway = Gateway.start(folder, vendors(vendor),
                        ", keys: {ci: {secret: '${CI_KEY}', tenant: ci}}",
                        Map.of("CI_KEY", "pk-pareto-ci", "VENDOR", "sk-vendor"))) {
            vendor.answers(Script.json(200, Payloads.ANSWER));
            suite();

            assertThat(run(gateway, 0, "--key", "pk-pareto-ci")).contains("2");
            assertThat(vendor.seen()).isNotEmpty()
                    .allSatisfy(seen -> assertThat(seen.headers().get("Authorization")).isEqualTo("Bearer sk-vendor"));
            vendor.forget();
            assertThat(run(gateway, 1)).contains("--key").contains("PARETO_KEY");
            assertThat(run(gateway, 1, "--key", "pk-pareto-wrong")).contains("--key").doesNotContain("pk-pareto-wrong");
            assertThat(vendor.seen()).isEmpty();
        }
    }

    private void suite() throws IOException {
        Path suite = Files.createDirectories(folder.resolve("suites/tiny"));
        Files.writeString(suite.resolve("suite.yaml"), """
                                                       suite: tiny
                                                       route: tiny
                                                       items: items.jsonl
                                                       graders:
                                                         - {id: text, type: contains, primary: true}
                                                       """);
        Files.writeString(suite.resolve("items.jsonl"),
                """
                {"id": "1", "messages": [{"role": "user", "content": "Hi"}], "expected": "Hello"}
                {"id": "2", "messages": [{"role": "user", "content": "Ho"}], "expected": "Hello"}
                """);
    }

    private String run(Gateway gateway, int status, String... more) {
        var arguments = new ArrayList<>(List.of("eval", "run", "--suite", "tiny", "--suites-dir",
                folder.resolve("suites").toString(), "--model", "openai/gpt-4o", "--gateway",
                gateway.url().toString(), "--admin", gateway.adminUrl().toString(), "--data",
                folder.resolve("runs-of-" + more.length).toString()));
        arguments.addAll(List.of(more));

        Ran ran = Ran.of(arguments);

        assertThat(ran.status()).as(ran.toString()).isEqualTo(status);
        return status == 0 ? ran.out() : ran.err();
    }

    private static String vendors(FakeVendor vendor) {
        return "vendors: {openai: {dialect: openai, url: '" + vendor.url()
                + "', retries: 0, key: '${VENDOR}'}}\n";
    }
}
