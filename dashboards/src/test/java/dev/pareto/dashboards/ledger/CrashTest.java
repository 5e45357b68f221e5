package dev.pareto.dashboards.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.store.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Kills a writing process without warning, again and again, and looks for every row that it had acknowledged. */
final class CrashTest {

    private static final int CRASHES = 3;
    private static final int SETTLED_BEFORE_THE_BLOW = 300;

    @TempDir
    Path folder;

    @Test
    void noAcknowledgedRowIsLostAndOpenRowsExpire() throws IOException, InterruptedException {
        Path file = folder.resolve("pareto.db");
        Set<String> opened = new HashSet<>();
        Set<String> settled = new HashSet<>();
        for (int crash = 0; crash < CRASHES; crash++) {
            writeUntilKilled(file, crash, opened, settled);
        }

        try (SqliteStore store = SqliteStore.open(file);
                JdbcLedger ledger = new JdbcLedger(store, LedgerSettings.defaults(), () -> Attempts.NOON,
                        System::nanoTime)) {
            JdbcClient reads = JdbcClient.create(store.reads());
            assertThat(ids(reads, "state = 'SETTLED'")).containsAll(settled);
            assertThat(ids(reads, "state IN ('SETTLED', 'EXPIRED')")).containsAll(opened);
            assertThat(ids(reads, "state = 'OPEN'")).isEmpty();
            assertThat(ledger.orphans()).isLessThanOrEqualTo(ids(reads, "error_code = 'gateway_stopped'").size());
            assertThat(settled).hasSizeGreaterThanOrEqualTo(CRASHES * SETTLED_BEFORE_THE_BLOW);
            assertThat(new LedgerCheck(store).check(null, null).problems()).isEmpty();
        }
    }

    private static void writeUntilKilled(Path file, int seed, Set<String> opened, Set<String> settled)
            throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                CrashWriter.class.getName(), file.toString(), String.valueOf(seed))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader told = writer.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            String line = told.readLine();
            while (line != null) {
                if (line.startsWith("settled ") && line.length() == "settled ".length() + 36) {
                    settled.add(line.substring("settled ".length()));
                    if (++seen == SETTLED_BEFORE_THE_BLOW) {
                        // Through the handle, for Process.destroyForcibly would also throw away what the process has said.
                        writer.toHandle().destroyForcibly();
                    }
                } else if (line.startsWith("opened ") && line.length() == "opened ".length() + 36) {
                    opened.add(line.substring("opened ".length()));
                }
                line = told.readLine();
            }
            assertThat(seen).as("settlements before the process ended").isGreaterThanOrEqualTo(SETTLED_BEFORE_THE_BLOW);
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }

    private static Set<String> ids(JdbcClient reads, String where) {
        return new HashSet<>(reads.sql("SELECT attempt_id FROM attempt WHERE " + where).query(String.class).list());
    }
}
