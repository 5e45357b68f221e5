package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.Postgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class PostgresRoutingTest extends RoutingContract {

    private static Postgres server;

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

    @Override
    Store newStore() {
        return PostgresStore.open(server.newDatabase(), null, null, "gateway");
    }
}
