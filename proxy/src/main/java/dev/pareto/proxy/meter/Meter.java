package dev.pareto.proxy.meter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** Begins attempts. Thread-safe; one for the whole gateway. */
public final class Meter {

    final Ledger ledger;
    final Billing billing;
    final Meters meters;
    final InstantSource clock;
    final LongSupplier nanoTime;
    final Observations observations;
    final Machines machines;
    final Budgets budgets;
    private final Supplier<UUID> ids;

    public Meter(Ledger ledger, Billing billing, Meters meters, Supplier<UUID> ids, InstantSource clock,
            LongSupplier nanoTime, Observations observations) {
        this(ledger, billing, meters, ids, clock, nanoTime, observations, Machines.none());
    }

    /** @param machines that are paid by the hour */
    public Meter(Ledger ledger, Billing billing, Meters meters, Supplier<UUID> ids, InstantSource clock,
            LongSupplier nanoTime, Observations observations, Machines machines) {
        this(ledger, billing, meters, ids, clock, nanoTime, observations, machines, Budgets.NONE);
    }

    /** @param budgets asked before each call */
    public Meter(Ledger ledger, Billing billing, Meters meters, Supplier<UUID> ids, InstantSource clock,
            LongSupplier nanoTime, Observations observations, Machines machines, Budgets budgets) {
        this.budgets = budgets;
        this.ledger = ledger;
        this.billing = billing;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.observations = observations;
        this.machines = machines;
    }

    public UUID newRequestId() {
        return ids.get();
    }

    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** The most that one call may cost; null when the model has no price. */
    public @Nullable Money worstCase(MeteredRequest request, Model model) {
        return billing.reservation(request, model, clock.instant());
    }

    /** What past calls taught. */
    public Observations observations() {
        return observations;
    }

    public Meters meters() {
        return meters;
    }

    /**
     * An attempt that is not yet written down; {@link Attempt#open} does that.
     *
     * @param number counted from 1 within the request
     * @param limit the longest that it may take
     * @param onEnd told once how it went
     */
    public Attempt begin(MeteredRequest request, Model model, boolean simulated, int number, AttemptRole role,
            Duration limit,
            Consumer<AttemptEnd> onEnd) {
        return new Attempt(this, request, model, simulated, ids.get(), number, role, limit, onEnd);
    }
}
