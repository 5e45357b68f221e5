package dev.pareto.dashboards.models;

import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.testing.Postgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

final class PostgresModelReportsTest extends ModelReportsContract {

    private @Nullable Postgres server;

    @Override
    Store newStore() {
        Postgres started = Postgres.startOrSkip();
        server = started;
        return PostgresStore.open(started.newDatabase(), null, null, "local");
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }
}
