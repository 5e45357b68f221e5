package dev.pareto.proxy.crash;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The same as {@link LedgerKillTest} on PostgreSQL. */
final class PostgresKillTest {

    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void noKillCostsTheBooksOfAServerAnything() throws Exception {
        try (var books = new FaultyServer()) {
            new CrashRun(folder, books).prove();
        }
    }
}
