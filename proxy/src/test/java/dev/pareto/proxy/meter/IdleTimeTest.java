package dev.pareto.proxy.meter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.FrozenMonth;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.ledger.LedgerStats;
import dev.pareto.dashboards.ledger.LedgerUnavailable;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.policies.catalog.Resilience;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.price.Money;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

final class IdleTimeTest {

    private static final long MINUTE = 60_000_000_000L;
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final long[] nanos = {0};
    private final Books books = new Books();
    private long ids;

    private IdleTime idleTime() {
        var machines = new Machines(() -> List.of(cluster()), () -> nanos[0], new SimpleMeterRegistry());
        return new IdleTime(books, machines, () -> new UUID(0, ++ids), () -> NOON,
                Executors.newSingleThreadScheduledExecutor());
    }

    private static Vendor cluster() {
        return new Vendor("cluster", VendorKind.HTTP, "openai", List.of(URI.create("http://c")), null, true,
                Resilience.DEFAULT, Money.usd("2.10"), null, null, null);
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenLaterAndOnce() {
        try (IdleTime idle = idleTime()) {
            nanos[0] = 10 * MINUTE;
            books.fault = Fault.LOST;
            idle.book();
            nanos[0] = 20 * MINUTE;
            books.fault = Fault.WRITTEN_ALL_THE_SAME;
            idle.book();
            assertThat(books.seconds()).isEqualByComparingTo("600");
            nanos[0] = 30 * MINUTE;
            books.fault = Fault.NONE;
            idle.book();
            idle.book();
            assertThat(books.seconds()).isEqualByComparingTo("1800");
        }
    }

    @Test
    void whatIsIdleWhenTheGatewayStopsIsBookedThough() {
        IdleTime idle = idleTime();
        nanos[0] = 10 * MINUTE;
        books.fault = Fault.LOST;
        idle.book();
        nanos[0] = 15 * MINUTE;
        books.fault = Fault.NONE;
        idle.close();

        assertThat(books.seconds()).isEqualByComparingTo("900");
        assertThat(books.cost()).isEqualTo(Money.usd("0.525"));
    }

    private enum Fault {
        NONE, LOST, WRITTEN_ALL_THE_SAME
    }

    /** Takes each id once, as the real ones do. */
    private static final class Books implements Ledger {

        private final Map<UUID, Adjustment> rows = new LinkedHashMap<>();
        private Fault fault = Fault.NONE;

        BigDecimal seconds() {
            return rows.values()
                    .stream()
                    .map(row -> requireNonNull(row.quantity()))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        Money cost() {
            return rows.values().stream().map(Adjustment::amount).reduce(Money.zero("USD"), Money::plus);
        }

        @Override
        public CompletableFuture<Boolean> book(Adjustment adjustment) {
            boolean fresh = fault != Fault.LOST && rows.putIfAbsent(adjustment.id(), adjustment) == null;
            return fault == Fault.NONE
                    ? CompletableFuture.completedFuture(fresh)
                    : CompletableFuture.failedFuture(new LedgerUnavailable("the disk is full", null));
        }

        @Override
        public CompletableFuture<Void> open(OpenAttempt attempt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> settle(Settlement settlement) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int expireOpen(Instant now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Boolean> bookTogether(List<Adjustment> adjustments) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<FrozenMonth> freeze(YearMonth month, String by) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String replica() {
            return "one";
        }

        @Override
        public LedgerStats stats() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
