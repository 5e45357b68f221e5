package dev.pareto.proxy.meter;

import dev.pareto.dashboards.reconcile.ReconciledDay;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.proxy.prices.PriceDesk;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the books and vendors' accounts lie apart, and how old prices are: looked up every quarter of an hour, not when somebody asks.
 * Amounts are trends; the page Reconciliation has them exact.
 */
public final class BooksMeters implements MeterBinder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BooksMeters.class);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(15);
    /** A closed month and what follows it. */
    private static final int DAYS = 35;

    private final Reconciliation reconciliation;
    private final Supplier<@Nullable PriceDesk> prices;
    private final Supplier<Set<String>> vendors;
    private final String currency;
    private final InstantSource clock;
    private final ScheduledExecutorService executor;

    /**
     * @param prices null while there is no configuration file, beside which price files lie
     * @param vendors those of the configuration, for whose prices it looks
     * @param currency of the books
     * @param executor of one thread; closed with this
     */
    public BooksMeters(Reconciliation reconciliation, Supplier<@Nullable PriceDesk> prices,
            Supplier<Set<String>> vendors, String currency, InstantSource clock, ScheduledExecutorService executor) {
        this.reconciliation = reconciliation;
        this.prices = prices;
        this.vendors = vendors;
        this.currency = currency;
        this.clock = clock;
        this.executor = executor;
    }

    /** What is told of it, each a row for each vendor. */
    private record Told(MultiGauge difference, MultiGauge ledger, MultiGauge asked, MultiGauge checked,
            MultiGauge proposals) {

        static Told of(MeterRegistry registry) {
            return new Told(
                    MultiGauge.builder("pareto.reconcile.difference.usd")
                            .description(
                                    "Sum of the differences, up or down, on days of the last 35 that the vendor was asked about")
                            .register(registry),
                    MultiGauge.builder("pareto.reconcile.ledger.usd")
                            .description("What the books have of these days")
                            .register(registry),
                    MultiGauge.builder("pareto.reconcile.age.seconds")
                            .description("Since the vendor was last asked")
                            .register(registry),
                    MultiGauge.builder("pareto.prices.age.seconds")
                            .description("Since somebody compared the vendor's newest price file with its source")
                            .register(registry),
                    MultiGauge.builder("pareto.prices.proposals")
                            .description("Proposed prices that nobody decided on")
                            .register(registry));
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Told told = Told.of(registry);
        var _ = executor.scheduleWithFixedDelay(() -> look(told), FIRST_LOOK.toSeconds(), BETWEEN_LOOKS.toSeconds(),
                TimeUnit.SECONDS);
    }

    /** Looks now, for tests. */
    void lookNow(MeterRegistry registry) {
        look(Told.of(registry));
    }

    private void look(Told told) {
        try {
            reconciled(told);
            priced(told);
        } catch (RuntimeException | IOException | ConfigException failed) {
            LOG.warn("What meters tell of reconciliation and prices is not up to date: {}", failed.getMessage());
        }
    }

    private void reconciled(Told told) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate from = today.minusDays(DAYS);
        List<Row<?>> difference = new ArrayList<>();
        List<Row<?>> ledger = new ArrayList<>();
        List<Row<?>> age = new ArrayList<>();
        for (String vendor : reconciliation.asked(from, today)) {
            List<ReconciledDay> days = reconciliation.days(vendor, from, today)
                    .stream()
                    .filter(day -> day.fetchedAt() != null && day.currency().equals(currency))
                    .toList();
            Tags tags = Tags.of("vendor", vendor);
            difference.add(Row.of(tags, days.stream().mapToDouble(day -> size(day.difference())).sum()));
            ledger.add(Row.of(tags, days.stream()
                    .mapToDouble(day -> day.ledger().plus(day.adjusted()).value().doubleValue())
                    .sum()));
            newest(days).ifPresent(asked -> age.add(age(tags, asked)));
        }
        told.difference().register(difference, true);
        told.ledger().register(ledger, true);
        told.asked().register(age, true);
    }

    private static double size(@Nullable Amount difference) {
        return difference == null ? 0 : difference.value().abs().doubleValue();
    }

    private static Optional<Instant> newest(List<ReconciledDay> days) {
        return days.stream().map(ReconciledDay::fetchedAt).filter(Objects::nonNull).max(Comparator.naturalOrder());
    }

    private void priced(Told told) throws IOException, ConfigException {
        PriceDesk desk = prices.get();
        if (desk == null) {
            return;
        }
        Set<String> used = vendors.get();
        Map<String, LocalDate> checked = new TreeMap<>();
        for (PriceSheet sheet : desk.sheets()) {
            if (used.contains(sheet.vendor())) {
                checked.merge(sheet.vendor(), sheet.checked(), (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        List<Row<?>> ages = new ArrayList<>();
        checked.forEach((vendor, day) -> ages.add(age(Tags.of("vendor", vendor),
                day.atStartOfDay(ZoneOffset.UTC).toInstant())));
        told.checked().register(ages, true);
        told.proposals().register(List.of(Row.of(Tags.empty(), desk.proposals().open().size())), true);
    }

    /** It grows between looks, too. */
    private Row<?> age(Tags tags, Instant since) {
        return Row.of(tags, since, moment -> Duration.between(moment, clock.instant()).toMillis() / 1_000.0);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
