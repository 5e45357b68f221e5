package dev.pareto.proxy.crash;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No kill and no store that fails costs the books anything: no settled row is lost, none counts twice, all sums are equal and the
 * chain of hashes holds. The long run is {@code mvn -Pkills -pl proxy -am verify}.
 */
final class LedgerKillTest {

    @TempDir
    private Path folder;

    @Test
    void noKillCostsTheBooksOfAFileAnything() throws Exception {
        try (var books = new FaultyFile(folder.resolve("data"))) {
            new CrashRun(folder, books).prove();
        }
    }
}
