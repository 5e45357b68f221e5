package dev.pareto.dashboards.models;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteModelReportsTest extends ModelReportsContract {

    @TempDir
    static Path folder;

    @Override
    Store newStore() {
        return SqliteStore.open(folder.resolve("books.db"));
    }
}
