package dev.pareto.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.GatewayProcess;
import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The real gateway under 200 requests a second, killed without warning at random moments, again and again on the same ledger, whose
 * store besides refuses every commit now and then: no settled row is lost, none counts twice, all sums are equal and the chain of
 * hashes holds. The long run is {@code mvn -Pkills -pl proxy -am verify}.
 */
final class LedgerKillTest {

    private static final List<String> REFUSING = List.of("attempt", "ledger_entry");
    private static final int KILLS = Integer.getInteger("pareto.kills", 2);
    private static final long PERIOD_MICROS = Duration.ofSeconds(1).toNanos() / 1_000 / 200;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** Requests whose callers have their whole answer. */
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    /** Calls that were not made, for the store took no row. */
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void noKillCostsTheBooksAnything() throws Exception {
        SplittableRandom random = new SplittableRandom(KILLS);
        Set<String> settled = new HashSet<>();
        try (var vendor = new FakeVendor()) {
            vendor.answers(Payloads::openAi);
            String yaml = "vendors:\n  openai: {dialect: openai, url: '" + vendor.url() + "', retries: 0}\n";
            Path config = Files.writeString(folder.resolve("killed.yaml"), yaml);
            for (int kill = 0; kill < KILLS; kill++) {
                accept();
                settled.addAll(callUntilKilled(GatewayProcess.start(folder, config), random.nextInt(500, 3_000),
                        random.split()));
            }
            accept();
            try (var gateway = Gateway.start(folder, yaml)) {
                assertThat(gateway.attempts()).isNotEmpty();
            }
        }
        check(settled);
    }

    private void check(Set<String> settledBefore) {
        try (var store = SqliteStore.open(folder.resolve("data/pareto.db"))) {
            LedgerCheck.Outcome outcome = new LedgerCheck(store).check(null, null);
            assertThat(outcome.problems()).isEmpty();
            assertThat(outcome.open()).isZero();
            JdbcClient reads = JdbcClient.create(store.reads());
            Set<String> settled = requests(reads, "state = 'SETTLED'");
            Set<String> expired = requests(reads, "state = 'EXPIRED'");
            assertThat(settled).as("what was settled before a kill stays so").containsAll(settledBefore);
            assertThat(settledBefore).as("settlements read from the ledger of a running gateway").isNotEmpty();
            // whose answer came in the very last moments was not settled yet, and is billed at its reservation
            assertThat(answered).allMatch(id -> settled.contains(id) || expired.contains(id));
            System.out.printf("%d kills: %,d calls, %,d answered, %,d refused while the store refused; %,d settled, "
                    + "%,d expired; %,d charge lines, %,d entries of the chain; sum %s USD; %d problems%n", KILLS,
                    sent.get(), answered.size(), refused.get(), settled.size(), expired.size(),
                    outcome.chargeLines(), outcome.chainEntries(), requireNonNull(outcome.sum().get("USD")).plain(),
                    outcome.problems().size());
        }
    }

    /** @return what the ledger held as settled right before the kill */
    private Set<String> callUntilKilled(GatewayProcess gateway, int afterMillis, SplittableRandom random)
            throws Exception {
        URI chat = gateway.url().resolve("/v1/chat/completions");
        Set<String> settled;
        try (ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
                var faults = Executors.newSingleThreadScheduledExecutor();
                var callers = Executors.newVirtualThreadPerTaskExecutor();
                var store = SqliteStore.open(folder.resolve("data/pareto.db"))) {
            int known = requests(JdbcClient.create(store.reads()), "state = 'SETTLED'").size();
            int[] number = {0};
            var load = pace.scheduleAtFixedRate(() -> {
                int mine = number[0]++;
                var _ = callers.submit(() -> call(chat, mine % 2 == 0 ? Payloads.CHAT : Payloads.CHAT_STREAM));
            }, 0, PERIOD_MICROS, TimeUnit.MICROSECONDS);
            JdbcClient reads = JdbcClient.create(store.reads());
            // however slow the machine is, every life settles something
            Await.until("calls are settled", Duration.ofMinutes(2),
                    () -> requests(reads, "state = 'SETTLED'").size() > known);
            int from = random.nextInt(afterMillis);
            var _ = faults.schedule(() -> refuse(store), from, TimeUnit.MILLISECONDS);
            var _ = faults.schedule(() -> accept(store), from + random.nextInt(50, 800), TimeUnit.MILLISECONDS);
            var kill = pace.schedule(() -> {
                Set<String> before = requests(reads, "state = 'SETTLED'");
                gateway.kill();
                return before;
            }, afterMillis, TimeUnit.MILLISECONDS);
            settled = kill.get();
            load.cancel(true);
        } finally {
            gateway.kill();
        }
        return settled;
    }

    /** From now on the store takes neither a row nor an entry of the chain. */
    private static void refuse(SqliteStore store) {
        for (String table : REFUSING) {
            JdbcClient.create(store.writes())
                    .sql("CREATE TRIGGER refuse_" + table + " BEFORE INSERT ON " + table
                            + " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
                    .update();
        }
    }

    private static void accept(SqliteStore store) {
        for (String table : REFUSING) {
            JdbcClient.create(store.writes()).sql("DROP TRIGGER IF EXISTS refuse_" + table).update();
        }
    }

    private void accept() {
        try (var store = SqliteStore.open(folder.resolve("data/pareto.db"))) {
            accept(store);
        }
    }

    private void call(URI chat, String body) {
        sent.incrementAndGet();
        try {
            HttpResponse<String> response = http.send(HttpRequest.newBuilder(chat)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build(), BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                answered.add(response.headers().firstValue("Pareto-Request-Id").orElseThrow());
            } else if (response.statusCode() == 503 && response.body().contains("ledger_unavailable")) {
                refused.incrementAndGet();
            }
        } catch (IOException cutOff) {
            // its gateway was killed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Set<String> requests(JdbcClient reads, String where) {
        return new HashSet<>(reads.sql("SELECT request_id FROM attempt WHERE " + where).query(String.class).list());
    }
}
