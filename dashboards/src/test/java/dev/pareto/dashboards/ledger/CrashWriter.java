package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.SqliteStore;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** A process that writes until it is killed, and prints the id of each settlement once it has been acknowledged. */
final class CrashWriter {

    private static final int UNDER_WAY = 200;

    private CrashWriter() {}

    /**
     * @param args the ledger file and a seed
     */
    public static void main(String[] args) throws InterruptedException {
        SqliteStore store = SqliteStore.open(Path.of(args[0]));
        JdbcLedger ledger = new JdbcLedger(store, LedgerSettings.defaults(), () -> Attempts.NOON, System::nanoTime);
        UuidV7 ids = new UuidV7(java.time.Clock.systemUTC(), new java.util.SplittableRandom(Long.parseLong(args[1])));
        Semaphore underWay = new Semaphore(UNDER_WAY);
        while (true) {
            underWay.acquire();
            UUID id = ids.get();
            var _ = ledger.open(Attempts.open(id, Attempts.CLOSED, Attempts.NOON))
                    .thenCompose(done -> {
                        tell("opened", id);
                        return ledger.settle(Attempts.settled(id, Attempts.NOON, 100));
                    })
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            tell("settled", id);
                        }
                        underWay.release();
                    });
        }
    }

    private static synchronized void tell(String what, UUID id) {
        System.out.println(what + " " + id);
    }
}
