package dev.pareto.proxy.budget;

import dev.pareto.dashboards.budget.CommitmentStanding;
import dev.pareto.dashboards.budget.Standing;
import dev.pareto.policies.budget.BudgetPeriod.Window;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.Commitment;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.Commitments;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.meter.Budgets;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is left of committed spend. Counted like budgets that refuse nothing: by a {@link BudgetDesk} of its own, with the same promises
 * after restarts and among gateways. What is left is worked out when calls begin and end, so that decisions only read it. Thread-safe;
 * only {@link #look} blocks.
 */
public final class CommitmentDesk implements Budgets, Commitments {

    private final Supplier<List<Commitment>> stated;
    private final InstantSource clock;
    private final BudgetDesk desk;
    private final Map<String, Held> rooms = new ConcurrentHashMap<>();
    private volatile Plans plans = new Plans(List.of(), List.of());

    /** Both are lists of the configuration in force: the desk knows a reload by another one. */
    private record Plans(List<Commitment> of, List<BudgetPlan> plans) {}

    /** @param room null while the ledger has not told what was used */
    private record Held(Commitment of, @Nullable Room room, Window window) {

        @SuppressWarnings("ReferenceEquality") // a reload makes another one
        boolean holds(Commitment commitment, Instant at) {
            return of == commitment && window.contains(at);
        }
    }

    /**
     * Reads what was used at once; a ledger that does not answer is asked again by {@link #look}.
     *
     * @param stated the commitments of the configuration in force
     * @param shared whether other gateways write the same ledger
     */
    public CommitmentDesk(Supplier<List<Commitment>> stated, BudgetSums sums, InstantSource clock, boolean shared) {
        this.stated = stated;
        this.clock = clock;
        this.desk = new BudgetDesk(this::plans, sums, List::of, clock, shared);
    }

    @SuppressWarnings("ReferenceEquality") // a reload makes another list
    private List<BudgetPlan> plans() {
        List<Commitment> now = stated.get();
        Plans known = plans;
        if (known.of != now) {
            known = new Plans(now, now.stream().map(Commitment::plan).toList());
            plans = known;
        }
        return known.plans;
    }

    @Override
    public @Nullable Room of(ModelId model, Instant at) {
        Commitment commitment = covering(model, at);
        if (commitment == null) {
            return null;
        }
        Held held = rooms.get(commitment.name());
        if (held == null || !held.holds(commitment, at)) {
            held = refresh(commitment);
        }
        return held != null && held.holds(commitment, at) ? held.room : null;
    }

    private @Nullable Commitment covering(ModelId model, Instant at) {
        List<Commitment> all = stated.get();
        for (int i = 0; i < all.size(); i++) {
            Commitment one = all.get(i);
            if (one.covers(model) && one.holds(at)) {
                return one;
            }
        }
        return null;
    }

    /** One after the other, so that no older figure takes the place of a newer one. */
    private @Nullable Held refresh(Commitment commitment) {
        return rooms.compute(commitment.name(), (name, before) -> {
            Standing standing = standing(name);
            return standing == null ? null : new Held(commitment, room(standing), standing.window());
        });
    }

    private @Nullable Standing standing(String name) {
        return desk.standings().stream().filter(one -> one.plan().name().equals(name)).findFirst().orElse(null);
    }

    private static @Nullable Room room(Standing standing) {
        return standing.known()
                ? new Room(standing.plan().name(),
                        new Money(standing.left().max(BigDecimal.ZERO), BudgetPlan.CURRENCY))
                : null;
    }

    /** Counts a call; refuses none. */
    @Override
    public Hold reserve(Call call) {
        Commitment commitment = covering(call.model(), call.at());
        if (commitment == null) {
            return Hold.NONE;
        }
        Hold counted = desk.reserve(call);
        refresh(commitment);
        return new Hold() {

            @Override
            public void settle(@Nullable Money cost) {
                counted.settle(cost);
                refresh(commitment);
            }

            @Override
            public void release() {
                counted.release();
                refresh(commitment);
            }

            @Override
            public void unsettled() {
                counted.unsettled();
                refresh(commitment);
            }
        };
    }

    /** The budgets of callers, and what is committed beside them. */
    public Budgets beside(Budgets budgets) {
        return call -> {
            Hold own = budgets.reserve(call);
            Hold committed = reserve(call);
            return committed.equals(Hold.NONE) ? own : new Both(own, committed);
        };
    }

    private record Both(Hold one, Hold other) implements Hold {

        @Override
        public void settle(@Nullable Money cost) {
            one.settle(cost);
            other.settle(cost);
        }

        @Override
        public void release() {
            one.release();
            other.release();
        }

        @Override
        public void unsettled() {
            one.unsettled();
            other.unsettled();
        }
    }

    /** Asks the ledger what it alone knows. Blocks. */
    public void look() {
        List<Commitment> now = stated.get();
        rooms.keySet().retainAll(now.stream().map(Commitment::name).toList());
        if (!now.isEmpty()) {
            desk.look();
            now.forEach(this::refresh);
        }
    }

    /** Where all stand, as the configuration names them. */
    public List<CommitmentStanding> standings() {
        Instant now = clock.instant();
        List<Standing> months = desk.standings();
        return stated.get()
                .stream()
                .map(one -> new CommitmentStanding(one, one.holds(now)
                        ? months.stream().filter(it -> it.plan().name().equals(one.name())).findFirst().orElse(null)
                        : null))
                .toList();
    }
}
