package dev.pareto.proxy.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.testing.GatewayProcess;

import org.jspecify.annotations.Nullable;

/**
 * An SQLite file. In turn its gateway is not allowed to write to any file (Linux' {@code prlimit}, as when a disk is full), and another
 * process holds the write lock for longer than the gateway waits for it.
 */
final class FaultyFile implements FaultyStore {

    private static final int LOCKED_MILLIS = 6_500;
    private static final int FULL_EACH = 4;

    private final Path data;
    private @Nullable Connection lock;
    private int faults;

    FaultyFile(Path data) {
        this.data = data;
    }

    @Override
    public String yaml() {
        return "";
    }

    @Override
    public Store open(Path folder) {
        return SqliteStore.open(folder.resolve("pareto.db"));
    }

    @Override
    public int refuse(GatewayProcess gateway) throws Exception {
        if (faults++ % FULL_EACH != 0 && limit(gateway, "1")) {
            return 0;
        }
        Connection holder = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("pareto.db"));
        lock = holder;
        try (Statement statement = holder.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("BEGIN IMMEDIATE");
        }
        return LOCKED_MILLIS;
    }

    @Override
    public void accept(GatewayProcess gateway) throws Exception {
        close();
        if (gateway.process().isAlive()) {
            limit(gateway, "unlimited");
        }
    }

    /** How far into a file the process may write; false where the system has no such thing. */
    private static boolean limit(GatewayProcess gateway, String bytes) throws InterruptedException {
        try {
            return new ProcessBuilder("prlimit", "--pid", Long.toString(gateway.process().pid()),
                    "--fsize=" + bytes + ":unlimited").inheritIO().start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Override
    public void close() throws SQLException {
        Connection holder = lock;
        lock = null;
        if (holder != null) {
            holder.close();
        }
    }
}
