package dev.pareto.dashboards.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositoriesTest extends RepositoriesContract {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    Path folder;

    private SqliteStore store;

    @BeforeEach
    void open() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    Store store() {
        return store;
    }

    @Test
    void whatIsNoStoreIsRefusedByName() throws IOException {
        Path file = Files.writeString(folder.resolve("a-file"), "x");
        Path text = Files.writeString(folder.resolve("text.db"), "no database ".repeat(1_000));
        Path directory = Files.createDirectory(folder.resolve("directory.db"));

        assertThatThrownBy(() -> SqliteStore.open(file.resolve("deeper/pareto.db"))).isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> SqliteStore.open(text)).isInstanceOf(StoreException.class)
                .hasMessageContaining(text.toString())
                .hasMessageContaining("not a database");
        assertThatThrownBy(() -> SqliteStore.open(directory)).isInstanceOf(StoreException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void openingAgainKeepsWhatIsThere() {
        new VerdictRepository(store).save(verdict("v", NOON, "{}"));
        store.close();
        store = SqliteStore.open(folder.resolve("pareto.db"));
        assertThat(new VerdictRepository(store).find("v")).isPresent();
    }
}
