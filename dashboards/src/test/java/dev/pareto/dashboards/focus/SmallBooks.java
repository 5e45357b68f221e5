package dev.pareto.dashboards.focus;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.Attempts;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.Service;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A ledger with some of everything that can be booked, the same for the same seed. */
final class SmallBooks implements AutoCloseable {

    static final LocalDate FIRST = LocalDate.of(2026, 11, 1);
    static final LocalDate LAST = LocalDate.of(2026, 12, 31);

    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    private static final String VERSION = "openai/gpt-4o:standard:2024-10-01";

    private final SplittableRandom random;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final UuidV7 ids;
    private final JdbcLedger ledger;

    SmallBooks(Store store, long seed) {
        random = new SplittableRandom(seed);
        ids = Attempts.ids(seed);
        ledger = new JdbcLedger(store, LedgerSettings.defaults(), now::get, System::nanoTime);
    }

    /** Calls over ten days of two months: by list, by contract, at a vendor's own word, on an own machine, unpriced, never closed. */
    void fill(int calls) {
        for (int i = 0; i < calls; i++) {
            now.set(START.plus(Duration.ofMinutes(29L * i)));
            call(switch (i % 6) {
                case 0, 1 -> bill(tokens("2.50", "10"), CostSource.LIST);
                case 2 -> new Bill(tokens("2.50", "10"), tokens("2.125", "8.5"), null, CostSource.CONTRACT);
                case 3 -> new Bill(tokens("2.50", "10"), tokens("2.50", "10"),
                        new Money(BigDecimal.valueOf(random.nextInt(1, 9_000_000), 9), "USD"), CostSource.LIST);
                case 4 -> bill(machine(), CostSource.AMORTISED);
                default -> bill(Attempts.unpriced(), null);
            });
        }
        Instant late = START.plus(Duration.ofMinutes(29L * calls));
        UUID orphan = ids.get();
        ledger.open(Attempts.open(orphan, Attempts.CLOSED, now.get())).join();
        ledger.expireOpen(now.get().plus(Duration.ofHours(1)));
        now.set(late);
        book(Adjustment.Kind.CREDIT, "-0.0123", null, LocalDate.of(2026, 11, 21));
        book(Adjustment.Kind.TRUE_UP, "0.000000000007", null, LocalDate.of(2026, 11, 22));
        book(Adjustment.Kind.IDLE, "0.361111111111", new BigDecimal("619.047619"), LocalDate.of(2026, 11, 23));
    }

    /** A call at a contract's price of a model that no list has. */
    void withoutList() {
        call(new Bill(Attempts.unpriced(), tokens("2.125", "8.5"), null, CostSource.CONTRACT));
    }

    private void book(Adjustment.Kind kind, String amount, @Nullable BigDecimal quantity, LocalDate concerns) {
        ledger.book(new Adjustment(ids.get(), kind, concerns, null, null, quantity == null ? "INV-7" : null, "", "", "",
                quantity == null ? "openai" : "cluster", quantity == null ? null : Buckets.GPU_SECOND, quantity, null,
                Money.usd(amount), "agreed, \"as told\"", "ada")).join();
    }

    private void call(Bill bill) {
        UUID id = ids.get();
        ledger.open(Attempts.open(id, random.nextBoolean() ? Attempts.CLOSED : Attempts.OPEN, now.get())).join();
        ledger.settle(new Settlement(id, AttemptState.SETTLED, null, now.get().plusSeconds(1), 200, "stop", "gpt-4o",
                Service.PLAIN, Usage.ofTokens(1_000, 100), UsageSource.VENDOR, "{}", bill, null, null, null,
                null)).join();
    }

    private static Bill bill(Cost cost, @Nullable CostSource basis) {
        return new Bill(cost, cost, null, basis);
    }

    private Cost tokens(String in, String out) {
        return cost(List.of(line(Buckets.INPUT, random.nextInt(1, 90_000), in, 1_000_000),
                line(Buckets.CACHE_READ, random.nextInt(1, 9_000), "1.25", 1_000_000),
                line(Buckets.OUTPUT, random.nextInt(1, 4_000), out, 1_000_000),
                line(Buckets.WEB_SEARCH, random.nextInt(1, 4), "10", 1_000)), VERSION);
    }

    private Cost machine() {
        return cost(List.of(line(Buckets.GPU_SECOND, random.nextInt(1, 90), "2.10", 3_600)),
                "cluster:hourly:2026-01-01");
    }

    private static ChargeLine line(String bucket, long quantity, String price, long per) {
        return new ChargeLine(bucket, BigDecimal.valueOf(quantity), new BigDecimal(price), BigDecimal.valueOf(per),
                BigDecimal.valueOf(quantity)
                        .multiply(new BigDecimal(price))
                        .divide(BigDecimal.valueOf(per), Money.SCALE, RoundingMode.HALF_EVEN));
    }

    private static Cost cost(List<ChargeLine> lines, String version) {
        List<BigDecimal> costs = new ArrayList<>();
        lines.forEach(line -> costs.add(java.util.Objects.requireNonNull(line.cost())));
        return new Cost(lines, new Money(costs.stream().reduce(BigDecimal.ZERO, BigDecimal::add), "USD"),
                PriceStatus.PRICED, version);
    }

    @Override
    public void close() {
        ledger.close();
    }
}
