package dev.pareto.proxy.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;

import dev.pareto.dashboards.store.KeyRepository;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.StoredKey;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.GatewaySettings.CallerKey;
import dev.pareto.policies.policy.Permission;
import dev.pareto.proxy.dialect.openai.RefusedException;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredKeysTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final Random random = new Random(7);

    @TempDir
    private Path folder;

    private SqliteStore store;
    private KeyRepository repository;
    private StoredKeys keys;

    @BeforeEach
    void open() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        repository = new KeyRepository(store);
        keys = new StoredKeys(repository, () -> NOON, Executors.newSingleThreadScheduledExecutor());
    }

    @AfterEach
    void close() {
        keys.close();
        store.close();
    }

    @Test
    void aKeyIsLongRandomAndKeptAsItsHashAlone() {
        NewKey one = make("one");
        NewKey two = make("two");

        assertThat(one.secret().reveal()).matches("pk-pareto-[A-Za-z0-9_-]{43}").isNotEqualTo(two.secret().reveal());
        assertThat(one.secret().reveal()).startsWith(one.stored().prefix());
        assertThat(one.stored().prefix()).hasSize(16);
        assertThat(one.stored().sha256()).isEqualTo(Callers.sha256(one.secret().reveal()));
        assertThat(one.toString()).doesNotContain(one.secret().reveal());
    }

    @Test
    void aKeyOpensTheDoorWhenItIsMadeAndShutsItWhenItIsRevoked() {
        Callers callers = new Callers(keys::any, keys);
        assertThat(callers.identify(new DefaultHttpHeaders()).tenant()).isEqualTo("anonymous");

        NewKey made = make("ci");
        keys.look();

        Caller caller = callers.identify(bearer(made));
        assertThat(caller.tenant()).isEqualTo("search");
        assertThat(caller.tags()).containsEntry("team", "search");
        assertThat(caller.authorization()).isNull();
        assertThatThrownBy(() -> callers.identify(new DefaultHttpHeaders())).isInstanceOf(RefusedException.class);

        repository.revoke(made.stored().id(), NOON);
        keys.look();

        assertThatThrownBy(() -> callers.identify(bearer(made))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> callers.identify(new DefaultHttpHeaders()))
                .as("the last key's end does not open the gateway to all")
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void keysOfTheConfigurationStandBesideThem() {
        List<CallerKey> configured = List.of(new CallerKey("ops", new Secret("pk-pareto-ops"), "ops", Map.of()));
        KeyRing both = new ConfiguredKeys(() -> configured).or(keys);
        NewKey made = make("ci");
        keys.look();

        assertThat(Objects.requireNonNull(both.find(Callers.sha256("pk-pareto-ops"))).tenant()).isEqualTo("ops");
        assertThat(Objects.requireNonNull(both.find(made.stored().sha256())).tenant()).isEqualTo("search");
        assertThat(both.find(Callers.sha256("pk-pareto-none"))).isNull();
    }

    @Test
    void theLastUseIsWrittenDownLater() {
        NewKey made = make("ci");
        NewKey idle = make("idle");
        keys.look();

        assertThat(keys.find(made.stored().sha256())).isNotNull();
        assertThat(repository.list()).extracting(StoredKey::lastUsedAt).containsOnlyNulls();
        keys.note();

        assertThat(repository.list()).filteredOn(key -> key.id().equals(made.stored().id()))
                .extracting(StoredKey::lastUsedAt)
                .containsExactly(NOON);
        assertThat(repository.list()).filteredOn(key -> key.id().equals(idle.stored().id()))
                .extracting(StoredKey::lastUsedAt)
                .containsOnlyNulls();
    }

    private NewKey make(String label) {
        NewKey made = NewKey.create(label, "search", Map.of("team", "search"), Set.of(Permission.SEND_POLICIES), NOON,
                random);
        repository.add(made.stored());
        return made;
    }

    private static HttpHeaders bearer(NewKey key) {
        return new DefaultHttpHeaders().add("Authorization", "Bearer " + key.secret().reveal());
    }
}
