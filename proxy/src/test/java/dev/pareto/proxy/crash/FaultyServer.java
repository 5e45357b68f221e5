package dev.pareto.proxy.crash;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.testing.GatewayProcess;

/** A PostgreSQL server of its own, which cuts all of the gateway's sessions and lets new ones read alone, as a stand-by does. */
final class FaultyServer implements FaultyStore {

    private static final String BOOKS = "books";

    private final EmbeddedPostgres server;
    private final String url;

    FaultyServer() throws IOException, SQLException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        run("CREATE DATABASE " + BOOKS);
        url = server.getJdbcUrl("postgres", BOOKS);
    }

    @Override
    public String yaml() {
        return "ledger: {url: '" + url + "', user: postgres, replica: killed}\n";
    }

    @Override
    public Store open(Path data) {
        return PostgresStore.open(url, null, null, "watcher");
    }

    @Override
    public int refuse(GatewayProcess gateway) throws SQLException {
        run("ALTER DATABASE " + BOOKS + " SET default_transaction_read_only = on");
        cut();
        return 0;
    }

    @Override
    public void accept(GatewayProcess gateway) throws SQLException {
        run("ALTER DATABASE " + BOOKS + " RESET default_transaction_read_only");
        cut();
    }

    private void cut() throws SQLException {
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + BOOKS + "'");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
