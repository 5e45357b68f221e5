package dev.pareto.proxy.meter;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.hosting.MachineBill;
import dev.pareto.policies.price.hosting.MachineClock;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of own machines: those of vendors with an {@code hourly-cost}. Attempts hold a share of them while they run; what
 * nobody holds is idle, and shows beside what was charged. Thread-safe.
 */
public final class Machines {

    private final Supplier<Collection<Vendor>> vendors;
    private final LongSupplier nanoTime;
    private final MeterRegistry registry;
    private final Map<String, MachineClock> clocks = new ConcurrentHashMap<>();

    /** @param vendors those in force, asked for each time; the clocks of those there now start now */
    public Machines(Supplier<Collection<Vendor>> vendors, LongSupplier nanoTime, MeterRegistry registry) {
        this.vendors = vendors;
        this.nanoTime = nanoTime;
        this.registry = registry;
        vendors.get().stream().filter(vendor -> vendor.hourlyCost() != null).forEach(vendor -> clock(vendor.name()));
    }

    static Machines none() {
        return new Machines(java.util.List::of, System::nanoTime, new SimpleMeterRegistry());
    }

    /** A share of the vendor's machines from now on; null when they are not paid by the hour. */
    MachineClock.@Nullable Share begin(String vendor) {
        return rate(vendor) == null ? null : clock(vendor).begin();
    }

    /** What the vendor's machines cost since their clock started; empty when they are not paid by the hour. */
    public Optional<MachineBill> bill(String vendor) {
        Money rate = rate(vendor);
        if (rate == null) {
            return Optional.empty();
        }
        MachineClock.Time time = clock(vendor).time();
        return Optional.of(MachineBill.of(rate, time.wall(), time.used()));
    }

    /**
     * Idle time of a vendor's machines since their clock started.
     *
     * @param ratePerHour in force now
     */
    record Idle(BigDecimal seconds, Money ratePerHour) {}

    /** By vendor, of those that are paid by the hour. */
    Map<String, Idle> idle() {
        Map<String, Idle> idle = new TreeMap<>();
        clocks.forEach((vendor, clock) -> {
            Money rate = rate(vendor);
            if (rate != null) {
                idle.put(vendor, new Idle(clock.time().idle(), rate));
            }
        });
        return idle;
    }

    private @Nullable Money rate(String vendor) {
        return vendors.get()
                .stream()
                .filter(known -> known.name().equals(vendor))
                .map(Vendor::hourlyCost)
                .findFirst()
                .orElse(null);
    }

    private MachineClock clock(String vendor) {
        return clocks.computeIfAbsent(vendor, name -> {
            MachineClock clock = new MachineClock(nanoTime);
            measure(name, "charged", clock, MachineClock.Time::used);
            measure(name, "idle", clock, MachineClock.Time::idle);
            return clock;
        });
    }

    /** Trends for a board; the ledger has the exact figures. */
    private void measure(String vendor, String use, MachineClock clock,
            java.util.function.Function<MachineClock.Time, BigDecimal> seconds) {
        FunctionCounter.builder("pareto.machine.seconds", clock, it -> seconds.apply(it.time()).doubleValue())
                .description("Seconds of own machines, charged to requests or idle")
                .tag("vendor", vendor)
                .tag("use", use)
                .register(registry);
        FunctionCounter.builder("pareto.machine.cost", clock, it -> cost(vendor, seconds.apply(it.time())))
                .description("What these seconds cost at the hourly rate in force")
                .tag("vendor", vendor)
                .tag("use", use)
                .register(registry);
    }

    private double cost(String vendor, BigDecimal seconds) {
        Money rate = rate(vendor);
        return rate == null ? 0 : MachineBill.of(rate, seconds).amount().doubleValue();
    }
}
