package dev.pareto.proxy.crash;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.LockSupport;

import dev.pareto.dashboards.audit.LedgerCheck;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.GatewayProcess;
import dev.pareto.proxy.testing.Payloads;

/**
 * The real gateway under 200 requests a second, killed without warning at random moments, again and again on the same ledger, whose
 * store besides refuses every commit for a while in each life. Then the ledger is compared with what the callers saw.
 */
final class CrashRun {

    private static final int RATE = 200;
    private static final int KILLS = Integer.getInteger("pareto.kills", 2);
    private static final int SHORTEST_MILLIS = 500;
    private static final int LONGEST_MILLIS = 3_000;
    /** A new process compiles its code first: what has gathered meanwhile is answered within this, or the machine is too slow. */
    private static final Duration WARM = Duration.ofSeconds(15);
    private static final int FEW = 40;
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private final Path folder;
    private final FaultyStore books;
    private final SplittableRandom random = new SplittableRandom(KILLS);
    /** Read from the ledger as settled right before a kill. */
    private final Set<String> settledBefore = new HashSet<>();
    private double upSeconds;
    /** Answered, and the time in which they were, between a gateway's first seconds and the failure of its store. */
    private int answeredWell;
    private double wellSeconds;

    CrashRun(Path folder, FaultyStore books) {
        this.folder = folder;
        this.books = books;
    }

    void prove() throws Exception {
        try (var vendor = new FakeVendor();
                Store store = books.open(folder.resolve("data"));
                var callers = new Callers(RATE)) {
            vendor.answers(request -> {
                vendor.forget();
                return Payloads.openAi(request);
            });
            Path config = Files.writeString(folder.resolve("killed.yaml"),
                    books.yaml() + "vendors:\n  openai: {dialect: openai, url: '" + vendor.url() + "', retries: 0}\n");
            for (int kill = 0; kill < KILLS; kill++) {
                liveAndDie(GatewayProcess.start(folder, config), store, callers);
            }
            GatewayProcess last = GatewayProcess.start(folder, config);
            try {
                Await.until("what was open has expired", RECOVERY, () -> requests(store, "state = 'OPEN'").isEmpty());
            } finally {
                last.kill();
            }
            compare(store, callers);
        }
    }

    /** Calls, a store that fails, and a kill that may come before, in or after the failure. */
    private void liveAndDie(GatewayProcess gateway, Store store, Callers callers) throws Exception {
        int known = callers.answered().size();
        long start = System.nanoTime();
        ScheduledFuture<?> load = callers.call(gateway.url().resolve("/v1/chat/completions"));
        try {
            // however slow the machine is, every life answers somebody
            Await.until("calls are answered", RECOVERY, () -> callers.answered().size() > known);
            keepUp(callers);
            int before = callers.answered().size();
            long began = System.nanoTime();
            pause(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
            answeredWell += callers.answered().size() - before;
            wellSeconds += (System.nanoTime() - began) / 1e9;
            int least = books.refuse(gateway);
            pause(least + random.nextInt(50, 1_000));
            if (random.nextInt(4) > 0) {
                books.accept(gateway);
                pause(random.nextInt(LONGEST_MILLIS));
            }
            settledBefore.addAll(requests(store, "state = 'SETTLED'"));
        } finally {
            gateway.kill();
            load.cancel(true);
            upSeconds += (System.nanoTime() - start) / 1e9;
            books.accept(gateway);
        }
    }

    private static void keepUp(Callers callers) {
        long last = System.nanoTime() + WARM.toNanos();
        while (callers.underWay() > FEW && System.nanoTime() < last) {
            pause(10);
        }
    }

    private void compare(Store store, Callers callers) throws SQLException {
        LedgerCheck.Outcome outcome = new LedgerCheck(store).check(null, null);
        Set<String> settled = requests(store, "state = 'SETTLED'");
        Set<String> expired = requests(store, "state = 'EXPIRED'");
        // who got an answer in the very last moments was not settled yet, and is billed at its reservation
        long answeredExpired = callers.answered().stream().filter(expired::contains).count();
        System.out.printf(
                "%d kills in %.0f s under load: %,d calls sent (%.0f a second), %,d answered (%.0f a second in the "
                        + "%.0f s in which the gateway was warm and its store worked), %,d told that the ledger takes no row, "
                        + "%,d other errors, %,d cut off%n",
                KILLS, upSeconds, callers.sent(), callers.sent() / upSeconds,
                callers.answered().size(), answeredWell / wellSeconds, wellSeconds, callers.refused(),
                callers.others(), callers.cutOff());
        System.out.printf(
                "%,d settled, %,d expired (of them %,d answered); %,d charge lines, %,d entries of the chain; "
                        + "sum %s USD; %d problems%n",
                settled.size(), expired.size(), answeredExpired,
                outcome.chargeLines(), outcome.chainEntries(), requireNonNull(outcome.sum().get("USD")).plain(),
                outcome.problems().size());
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.open()).isZero();
        assertThat(settledBefore).as("settlements read from the ledger of a running gateway").isNotEmpty();
        assertThat(settled).as("what was settled before a kill stays so").containsAll(settledBefore);
        assertThat(callers.answered()).as("calls that were answered")
                .allMatch(id -> settled.contains(id)
                        || expired.contains(id));
        assertThat(doubled(store)).as("requests with two attempts, and attempts booked twice or never").isZero();
        assertThat(callers.refused()).as("calls refused while the store refused").isPositive();
        assertThat(callers.sent() / upSeconds).as("calls a second").isGreaterThan(0.9 * RATE);
    }

    private static long doubled(Store store) throws SQLException {
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        """
                        SELECT (SELECT COUNT(*) - COUNT(DISTINCT request_id) FROM attempt)
                          + (SELECT COUNT(*) - COUNT(DISTINCT ref) FROM ledger_entry)
                          + ABS((SELECT COUNT(*) FROM attempt) - (SELECT COUNT(*) FROM ledger_entry))""")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** By a connection of its own each time: a server cuts its sessions in between. */
    private static Set<String> requests(Store store, String where) {
        Set<String> ids = new HashSet<>();
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT request_id FROM attempt WHERE " + where)) {
            while (row.next()) {
                ids.add(row.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return ids;
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }
}
