package dev.pareto.dashboards.store;

import dev.pareto.dashboards.testing.Postgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

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
