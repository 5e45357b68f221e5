package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.Service;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.EmbeddedPrices;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.policies.price.hosting.MachineBill;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Adds a machine of the house to books, through the ledger itself: {@code MachineBooks FILE [days] [end, a UTC day] [seed]}. It is busy by
 * day and idle by night and at weekends, and its idle time is booked by the hour; the same plan gives the same sums.
 */
public final class MachineBooks implements AutoCloseable {

    public static final String VENDOR = "cluster";
    public static final Money RATE = Money.usd("0.35");
    public static final List<ModelId> MODELS = List.of(new ModelId(VENDOR, "llama-3.3-70b"),
            new ModelId(VENDOR, "qwen3-32b"));

    private static final BigDecimal HOUR = BigDecimal.valueOf(3_600);
    private static final int CALLS_AN_HOUR = 6;
    private static final double[] OF_DAY = {.05, .03, .02, .02, .04, .10, .22, .45, .70, .88, .93, .90, .74, .86, .94,
            .91, .80, .62, .45, .34, .26, .18, .12, .08};
    private static final List<String> ROUTES = List.of("summarise", "support-chat", "translate");

    private final SplittableRandom random;
    private final AtomicReference<Instant> now;
    private final UuidV7 ids;
    private final JdbcLedger ledger;
    private final List<CompletableFuture<?>> booked = new ArrayList<>();

    private MachineBooks(Store store, Instant from, long seed) {
        random = new SplittableRandom(seed);
        now = new AtomicReference<>(from);
        ids = new UuidV7(now::get, new SplittableRandom(seed + 1));
        ledger = new JdbcLedger(store, LedgerSettings.defaults(), now::get, System::nanoTime);
    }

    /** @param args where, over how many days, to which day, and the seed */
    public static void main(String[] args) {
        int days = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        Instant end = args.length > 2
                ? LocalDate.parse(args[2]).atStartOfDay(ZoneOffset.UTC).toInstant()
                : BooksPlan.END;
        try (Store store = SqliteStore.open(Path.of(args[0]))) {
            fill(store, end.minus(Duration.ofDays(days)), days, args.length > 3 ? Long.parseLong(args[3]) : 1);
        }
    }

    /** Books so many days from a UTC midnight on. Blocks. */
    public static void fill(Store store, Instant from, int days, long seed) {
        try (MachineBooks books = new MachineBooks(store, from, seed)) {
            for (int hour = 0; hour < days * 24; hour++) {
                books.hour(from.plus(Duration.ofHours(hour)));
            }
        }
    }

    private void hour(Instant start) {
        boolean weekend = start.atOffset(ZoneOffset.UTC).getDayOfWeek().getValue() > 5;
        double busy = OF_DAY[start.atOffset(ZoneOffset.UTC).getHour()] * (weekend ? 0.3 : 1)
                * (0.85 + 0.3 * random.nextDouble());
        BigDecimal used = BigDecimal.ZERO;
        for (int call = 0; call < CALLS_AN_HOUR; call++) {
            now.set(start.plusSeconds(580L * call + random.nextInt(60)));
            BigDecimal seconds = BigDecimal.valueOf(Math.min(0.99, busy) * 3_600 / CALLS_AN_HOUR)
                    .setScale(6, RoundingMode.HALF_EVEN);
            used = used.add(seconds);
            call(MODELS.get(random.nextInt(3) == 0 ? 1 : 0), seconds);
        }
        now.set(start.plusSeconds(3_590));
        BigDecimal idle = HOUR.subtract(used);
        booked.add(ledger.book(new Adjustment(ids.get(), Adjustment.Kind.IDLE,
                LocalDate.ofInstant(start, ZoneOffset.UTC), null, null, null, "", "", "", VENDOR, Buckets.GPU_SECOND,
                idle, null, MachineBill.of(RATE, idle), "time of own machines that no request used", "gateway"))
                .toCompletableFuture());
        booked.forEach(CompletableFuture::join);
        booked.clear();
    }

    private void call(ModelId model, BigDecimal seconds) {
        UUID id = ids.get();
        Instant at = now.get();
        String route = ROUTES.get(random.nextInt(ROUTES.size()));
        long out = seconds.longValue() * (52 + random.nextInt(14));
        long in = out * (7 + random.nextInt(3));
        long cached = in / 5;
        ledger.open(new OpenAttempt(id, id, 1, AttemptRole.PRIMARY, at, at.plus(Duration.ofMinutes(10)), "platform",
                Map.of("team", "platform-core"), route, route, model, VENDOR, false, Money.usd("0.50"), null)).join();
        Cost cost = cost(model, List.of(new Used(Buckets.INPUT, BigDecimal.valueOf(in - cached)),
                new Used(Buckets.CACHE_READ, BigDecimal.valueOf(cached)),
                new Used(Buckets.OUTPUT, BigDecimal.valueOf(out)), new Used(Buckets.GPU_SECOND, seconds)));
        booked.add(ledger.settle(new Settlement(id, AttemptState.SETTLED, at.plusMillis(300),
                at.plusMillis(2_000 + random.nextInt(9_000)), 200, "stop", model.name(),
                Service.PLAIN, new Usage(Map.of(Buckets.INPUT, BigDecimal.valueOf(in - cached), Buckets.CACHE_READ,
                        BigDecimal.valueOf(cached), Buckets.OUTPUT, BigDecimal.valueOf(out))),
                UsageSource.VENDOR, "{}",
                new Bill(cost, cost, null, CostSource.AMORTISED), null, null, null, null)).toCompletableFuture());
    }

    private record Used(String bucket, BigDecimal quantity) {}

    private static Cost cost(ModelId model, List<Used> used) {
        PriceVersion version = EmbeddedPrices.byTheHour(model.toString(), RATE);
        List<ChargeLine> lines = new ArrayList<>();
        BigDecimal sum = BigDecimal.ZERO;
        for (Used one : used) {
            UnitPrice price = Objects.requireNonNull(version.bands().getFirst().prices().get(one.bucket()));
            BigDecimal cost = one.quantity()
                    .multiply(price.price())
                    .divide(price.per(), Money.SCALE, RoundingMode.HALF_EVEN);
            sum = sum.add(cost);
            lines.add(new ChargeLine(one.bucket(), one.quantity(), price.price(), price.per(), cost));
        }
        return new Cost(lines, new Money(sum, "USD"), PriceStatus.PRICED, version.id());
    }

    @Override
    public void close() {
        ledger.close();
    }
}
