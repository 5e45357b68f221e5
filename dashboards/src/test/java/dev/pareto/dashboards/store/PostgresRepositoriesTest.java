package dev.pareto.dashboards.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.testing.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The same in a real PostgreSQL. */
final class PostgresRepositoriesTest {

    private static Postgres server;

    private PostgresStore store;

    @BeforeAll
    static void startServer() {
        server = Postgres.startOrSkip();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        store = PostgresStore.open(server.emptyDatabase(), null, null, "gateway");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theServerTellsConnectionsOfReportsFromOthers() throws SQLException {
        assertThat(nameOf(store.reads())).isEqualTo("pareto-reads");
        assertThat(nameOf(store.writes())).isEqualTo("pareto-writes");
        try (Connection ledger = store.connect()) {
            assertThat(nameOf(new SingleConnectionDataSource(ledger, true))).isEqualTo("pareto");
        }
    }

    private static String nameOf(DataSource connections) {
        return JdbcClient.create(connections).sql("SHOW application_name").query(String.class).single();
    }

    @Nested
    final class Repositories extends RepositoriesContract {

        @Override
        Store store() {
            return store;
        }
    }

    @Nested
    final class Labels extends LabelContract {

        @Override
        Store store() {
            return store;
        }
    }
}
