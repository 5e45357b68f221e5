package dev.pareto.dashboards.ask;

import static java.util.Objects.requireNonNull;

import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.Postgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class PostgresKeptAnswersTest extends KeptAnswersContract {

    private static @Nullable Postgres server;

    @BeforeAll
    static void start() {
        server = Postgres.startOrSkip();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Store open() {
        return PostgresStore.open(requireNonNull(server).newDatabase(), null, null, "one");
    }
}
