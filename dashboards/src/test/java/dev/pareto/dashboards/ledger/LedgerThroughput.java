package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Measures attempts a second and their latency by the way that calls are settled in a gateway; run by hand:
 * {@code LedgerThroughput [attempts] [under way] [folder, or jdbc:postgresql://…]}.
 */
final class LedgerThroughput {

    private LedgerThroughput() {}

    /**
     * @param args how many attempts, how many under way at once, and the folder of the ledger file or a server's address
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int attempts = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        int underWay = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        String place = args.length > 2 ? args[2] : Files.createTempDirectory("pareto-ledger").toString();
        try (Store store = place.startsWith("jdbc:")
                ? PostgresStore.open(place, null, null, "throughput")
                : SqliteStore.open(Path.of(place, "pareto.db"));
                JdbcLedger ledger = new JdbcLedger(store, LedgerSettings.defaults(), () -> Attempts.NOON,
                        System::nanoTime)) {
            run(ledger, Math.min(attempts, 20_000), underWay, "warm-up");
            run(ledger, attempts, underWay, "measured");
        }
    }

    private static void run(Ledger ledger, int attempts, int underWay, String name) throws InterruptedException {
        UuidV7 ids = new UuidV7(java.time.Clock.systemUTC(), new java.util.SplittableRandom());
        Semaphore permits = new Semaphore(underWay);
        long[] waits = new long[attempts];
        long commits = ledger.stats().commits();
        long start = System.nanoTime();
        for (int i = 0; i < attempts; i++) {
            permits.acquire();
            UUID id = ids.get();
            int index = i;
            long asked = System.nanoTime();
            var _ = ledger.open(Attempts.open(id, Attempts.CLOSED, Attempts.NOON)).thenCompose(done -> {
                waits[index] = System.nanoTime() - asked;
                return ledger.settle(Attempts.settled(id, Attempts.NOON, 100));
            }).whenComplete((done, failure) -> permits.release());
        }
        permits.acquire(underWay);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        java.util.Arrays.sort(waits);
        System.out.printf(
                "%s: %,d attempts in %d ms = %,.0f/s opened and settled; %,d commits; open p50 %.2f ms, p99 %.2f ms%n",
                name,
                attempts, took.toMillis(), 1e3 * attempts / took.toMillis(), ledger.stats().commits() - commits,
                waits[attempts / 2] / 1e6, waits[(int) (attempts * 0.99)] / 1e6);
    }
}
