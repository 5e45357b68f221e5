package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteBudgetTest extends BudgetContract {

    @TempDir
    private Path folder;

    @Override
    Store open() {
        return SqliteStore.open(folder.resolve("pareto.db"));
    }
}
