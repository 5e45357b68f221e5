package dev.pareto.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.access.AdminKey;
import dev.pareto.dashboards.access.AdminKeyRepository;
import dev.pareto.dashboards.store.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminKeysTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));

    @TempDir
    private Path folder;
    private SqliteStore store;
    private AdminKeyRepository repository;
    private AdminKeys keys;
    private AdminToken ada;

    @BeforeEach
    void open() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        repository = new AdminKeyRepository(store);
        keys = new AdminKeys(repository, now::get, new Random(7), Executors.newSingleThreadScheduledExecutor());
        ada = keys.create("ada", Role.ADMIN, "setup", null);
    }

    @AfterEach
    void close() {
        keys.close();
        store.close();
    }

    @Test
    void theKeyIsNowhereInTheStore() throws Exception {
        String secret = ada.secret().reveal();
        assertThat(keys.bearer(secret)).isEqualTo(new Person(ada.stored().id(), "ada", Role.ADMIN));
        assertThat(repository.list()).extracting(AdminKey::prefix).containsExactly(secret.substring(0, 16));
        keys.close();
        store.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain(secret);
            }
        }
    }

    @Test
    void anExpiredKeyAndItsSessionsAreNoLongerGood() {
        AdminToken eve = keys.create("eve", Role.FINANCE, "ada", Duration.ofHours(2));
        Person person = keys.bearer(eve.secret().reveal());
        assertThat(person).isNotNull();
        String session = keys.open(java.util.Objects.requireNonNull(person));
        now.updateAndGet(at -> at.plus(Duration.ofHours(2)).minusNanos(1));
        assertThat(keys.session(session)).isEqualTo(person);
        now.updateAndGet(at -> at.plusNanos(1));
        assertThat(keys.bearer(eve.secret().reveal())).isNull();
        assertThat(keys.session(session)).isNull();
    }

    @Test
    void aRevokedKeyEndsWithItsSessions() {
        AdminToken eve = keys.create("eve", Role.VIEWER, "ada", null);
        String session = keys.open(java.util.Objects.requireNonNull(keys.bearer(eve.secret().reveal())));
        keys.revoke(eve.stored().id());
        assertThat(keys.bearer(eve.secret().reveal())).isNull();
        assertThat(keys.session(session)).isNull();
        assertThatThrownBy(() -> keys.revoke(eve.stored().id())).hasMessageContaining("still good");
    }

    @Test
    void aSessionLastsHalfADay() {
        String session = keys.open(java.util.Objects.requireNonNull(keys.bearer(ada.secret().reveal())));
        now.updateAndGet(at -> at.plus(AdminKeys.SESSION).minusNanos(1));
        assertThat(keys.session(session)).isNotNull();
        now.updateAndGet(at -> at.plusNanos(1));
        assertThat(keys.session(session)).isNull();
    }

    @Test
    void theLastAdminStays() {
        assertThatThrownBy(() -> keys.revoke(ada.stored().id())).hasMessageContaining("last admin");
        AdminToken bob = keys.create("bob", Role.ADMIN, "ada", Duration.ofDays(1));
        keys.revoke(ada.stored().id());
        assertThat(keys.bearer(ada.secret().reveal())).isNull();
        now.updateAndGet(at -> at.plus(Duration.ofDays(1)));
        assertThat(keys.any()).as("the port stays shut when the last key has expired").isTrue();
        assertThat(keys.bearer(bob.secret().reveal())).isNull();
    }

    @Test
    void theCommandLinesRevocationIsSeenAtTheNextLook() {
        repository.revoke(ada.stored().id(), now.get());
        keys.look();
        assertThat(keys.bearer(ada.secret().reveal())).isNull();
        assertThat(keys.any()).isTrue();
    }

    @Test
    void lastUseIsWrittenDown() {
        keys.bearer(ada.secret().reveal());
        keys.note();
        assertThat(repository.list().getFirst().lastUsedAt()).isEqualTo(now.get());
    }

    @Test
    void theFirstKeyIsAnAdmins() {
        try (var other = SqliteStore.open(folder.resolve("other.db"));
                var none = new AdminKeys(new AdminKeyRepository(other), now::get, new Random(7),
                        Executors.newSingleThreadScheduledExecutor())) {
            assertThatThrownBy(() -> none.create("eve", Role.FINANCE, "eve", null)).hasMessageContaining("admin");
            assertThat(none.any()).isFalse();
        }
    }

    @Test
    void theGatewaysOwnPassOnlySees() {
        assertThat(keys.bearer(keys.own().reveal())).isEqualTo(new Person("", "pareto", Role.VIEWER));
    }
}
