package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteRoutingTest extends RoutingContract {

    @TempDir
    private Path data;

    @Override
    Store newStore() {
        return SqliteStore.open(data.resolve("pareto.db"));
    }
}
