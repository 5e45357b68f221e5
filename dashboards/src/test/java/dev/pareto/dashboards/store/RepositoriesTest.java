package dev.pareto.dashboards.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.SwapKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

final class RepositoriesTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId LOCAL = new ModelId("local", "support-desk");
    private static final ModelId CLOSED = new ModelId("openai", "gpt-4o");

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

    @Test
    void theNewestVerdictOfEachPairIsFound() {
        VerdictRepository verdicts = new VerdictRepository(store);
        verdicts.save(verdict("old", NOON, "{}"));
        verdicts.save(verdict("new", NOON.plusSeconds(1), "{\"sentence\":\"good enough\"}"));
        verdicts.save(verdict("new", NOON.plusSeconds(9), "{\"sentence\":\"written twice\"}"));

        assertThat(verdicts.newest()).containsExactly(
                verdict("new", NOON.plusSeconds(1), "{\"sentence\":\"good enough\"}"));
        assertThat(verdicts.find("old")).isPresent();
        assertThat(verdicts.find("none")).isEmpty();
    }

    @Test
    void aSwapIsReplacedWhenItMovesAndItsMovesAreKept() {
        SwapRepository swaps = new SwapRepository(store);
        SwapKey key = new SwapKey("support", LOCAL);
        swaps.save(List.of(new StoredSwap(key, CLOSED, "CLOSED", 0, NOON, null, "no verdict yet", "{}")), List.of());
        StoredSwap moved = new StoredSwap(key, CLOSED, "RAMP", 0.05, NOON.plusSeconds(5), "v1", "verdict v1",
                "{\"a\":1}");
        StoredSwap part = new StoredSwap(new SwapKey("support", LOCAL, "billing"), CLOSED, "CLOSED", 0, NOON, null,
                "no verdict yet", "{}");
        StoredMove first = new StoredMove(NOON, key, "CLOSED", "OFFLINE", 0, "policy", "verdict v1", "v1", null);
        StoredMove second = new StoredMove(NOON.plusSeconds(5), key, "OFFLINE", "RAMP", 0.05, "ann", "approved", "v1",
                "latency");
        swaps.save(List.of(moved, part), List.of(first, second));

        assertThat(swaps.all()).containsExactly(moved, part);
        assertThat(swaps.moves("support", 10)).containsExactly(second, first);
        assertThat(swaps.moves(null, 1)).containsExactly(second);
        assertThat(swaps.moves("other", 10)).isEmpty();
    }

    @Test
    void theNewestVerdictOfEachSuiteIsKnown() {
        VerdictRepository verdicts = new VerdictRepository(store);
        StoredVerdict a = verdict("a", NOON, "{\"suite\":{\"id\":\"one\"}}");
        StoredVerdict b = verdict("b", NOON.plusSeconds(1), "{\"suite\":{\"id\":\"two\"}}");
        StoredVerdict c = verdict("c", NOON.plusSeconds(2), "{\"suite\":{\"id\":\"two\"}}");
        List.of(a, b, c).forEach(verdicts::save);

        assertThat(verdicts.newestBySuite()).containsExactly(c, a);
    }

    @Test
    void aKeyStaysOnFileWhenItIsRevoked() {
        KeyRepository keys = new KeyRepository(store);
        StoredKey key = key("k1", "a".repeat(64));
        keys.add(key);

        assertThat(keys.list()).containsExactly(key);
        assertThat(keys.revoke("k1", NOON.plusSeconds(1))).isTrue();
        assertThat(keys.revoke("k1", NOON.plusSeconds(2))).isFalse();
        assertThat(keys.list()).singleElement().extracting(StoredKey::revokedAt).isEqualTo(NOON.plusSeconds(1));
        assertThatThrownBy(() -> keys.add(key("k2", "a".repeat(64)))).isInstanceOf(DataAccessException.class);
    }

    @Test
    void theLastUseOfAKeyOnlyEverMovesForward() {
        KeyRepository keys = new KeyRepository(store);
        keys.add(key("k1", "a".repeat(64)));

        keys.used(Map.of("k1", NOON.plusSeconds(60), "unknown", NOON));
        keys.used(Map.of("k1", NOON.plusSeconds(30)));

        assertThat(keys.list()).singleElement().extracting(StoredKey::lastUsedAt).isEqualTo(NOON.plusSeconds(60));
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
    void anIdleLedgerLeavesTheStoreToOtherWriters() {
        try (JdbcLedger ledger = new JdbcLedger(store, LedgerSettings.defaults(), () -> NOON, System::nanoTime)) {
            ledger.expireOpen(NOON);
            new KeyRepository(store).add(key("k1", "c".repeat(64)));
            assertThat(new KeyRepository(store).list()).hasSize(1);
        }
    }

    @Test
    void readersCannotWrite() {
        JdbcClient reads = JdbcClient.create(store.reads());
        assertThatThrownBy(() -> reads.sql("DELETE FROM attempt").update()).isInstanceOf(DataAccessException.class);
    }

    @Test
    void openingAgainKeepsWhatIsThere() {
        new VerdictRepository(store).save(verdict("v", NOON, "{}"));
        store.close();
        store = SqliteStore.open(folder.resolve("pareto.db"));
        assertThat(new VerdictRepository(store).find("v")).isPresent();
    }

    private static StoredVerdict verdict(String id, Instant created, String json) {
        return new StoredVerdict(id, "support", LOCAL, CLOSED, created, NOON.plusSeconds(3600), true, json);
    }

    private static StoredKey key(String id, String sha256) {
        return new StoredKey(id, "search team", "pk_abc", sha256, "search", Map.of("env", "test"), NOON, null, null);
    }
}
