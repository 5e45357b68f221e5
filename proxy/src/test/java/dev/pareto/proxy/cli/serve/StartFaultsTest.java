package dev.pareto.proxy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.proxy.cli.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A gateway that cannot start says so in one line, wherever the fault lies; nothing else is printed. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class StartFaultsTest {

    private static final String VENDORS = "vendors: {openai: {dialect: openai, url: 'http://127.0.0.1:9'}}\n";

    @TempDir
    private Path folder;

    @Test
    void aTakenDataPort(CapturedOutput printed) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(serve(printed, "--port", port)).contains("127.0.0.1:" + port)
                    .contains("another program")
                    .contains("--port");
        }
    }

    @Test
    void aTakenAdminPort(CapturedOutput printed) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(serve(printed, "--admin-port", port)).contains("127.0.0.1:" + port)
                    .contains("another program")
                    .contains("--admin-port");
        }
    }

    @Test
    void anAddressOfAnotherMachine(CapturedOutput printed) throws IOException {
        assertThat(serve(printed, "--host", "192.0.2.1")).contains("192.0.2.1").contains("--host");
        assertThat(serve(printed, "--host", "no such name")).contains("'no such name'").contains("--host");
    }

    @Test
    void aDataFolderThatAnotherGatewayUses(CapturedOutput printed) throws IOException {
        try (var store = SqliteStore.open(folder.resolve("data/pareto.db"));
                var ledger = new JdbcLedger(store, LedgerSettings.defaults(), InstantSource.system(),
                        System::nanoTime)) {
            assertThat(ledger.orphans()).isZero();
            assertThat(serve(printed)).contains("another gateway").contains("pareto.db").contains("--data");
        }
    }

    @Test
    void aDataFolderThatIsNone(CapturedOutput printed) throws IOException {
        Files.writeString(folder.resolve("data"), "a file");

        assertThat(serve(printed)).contains(folder.resolve("data").toString()).contains("--data");
    }

    @Test
    void aStoreThatIsNoDatabase(CapturedOutput printed) throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Files.writeString(folder.resolve("data/pareto.db"), "no database ".repeat(1_000));

        assertThat(serve(printed)).contains("pareto.db").contains("not a database").contains("--data");
    }

    @Test
    void aPortThatIsNone(CapturedOutput printed) throws IOException {
        assertThat(serve(printed, "--port", "99999")).contains("--port 99999").contains("65535");
        assertThat(serve(printed, "--admin-port", "-1")).contains("--admin-port -1").contains("65535");
        assertThat(serve(printed, "--port", "8081", "--admin-port", "8081")).contains("both 8081");
        assertThat(serve(printed, "--port", "http")).contains("--port").contains("http");
    }

    @Test
    void aConfigurationThatIsMissingOrBad(CapturedOutput printed) throws IOException {
        assertThat(serve(printed, "--config", folder.resolve("none.yaml").toString()))
                .contains(folder.resolve("none.yaml").toString())
                .contains("there is no such file");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "gatewya: {}\n");
        assertThat(serve(printed, "--config", bad.toString())).contains("bad.yaml:1:1").contains("'gatewya'");
    }

    @Test
    void aModelThatIsNoName(CapturedOutput printed) {
        assertThat(fail(printed, "eval", "compare", "--suite", "support", "--candidate", "nope", "--baseline", "a/b"))
                .contains("--candidate")
                .contains("vendor/name")
                .contains("'nope'");
        assertThat(fail(printed, "eval", "run", "--suite", "support", "--model", "nope")).contains("--model")
                .contains("vendor/name");
    }

    private String serve(CapturedOutput printed, String... more) throws IOException {
        Path config = Files.writeString(folder.resolve("pareto.yaml"), VENDORS);
        var arguments = new ArrayList<>(List.of("serve", "--config", config.toString(), "--data",
                folder.resolve("data").toString(), "--host", "127.0.0.1"));
        for (String standing : List.of("--port", "--admin-port")) {
            if (!List.of(more).contains(standing)) {
                arguments.addAll(List.of(standing, "0"));
            }
        }
        for (int i = 0; i < more.length; i += 2) {
            int at = arguments.indexOf(more[i]);
            if (at >= 0) {
                arguments.set(at + 1, more[i + 1]);
            } else {
                arguments.addAll(List.of(more[i], more[i + 1]));
            }
        }
        return fail(printed, arguments.toArray(String[]::new));
    }

    /** What the command said; that it was one line, and nothing beside it, is checked here for all. */
    private static String fail(CapturedOutput printed, String... arguments) {
        int before = printed.getAll().length();

        Ran ran = Ran.of(List.of(arguments));

        assertThat(ran.status()).as(ran::err).isIn(1, 2);
        assertThat(printed.getAll().substring(before)).as("log").isEmpty();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("pareto: ");
        assertThat(ran.err().lines().filter(line -> !line.startsWith("See pareto "))).hasSize(1);
        return ran.err();
    }
}
