package dev.pareto.evals.calibrate;

import java.math.BigDecimal;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.run.JudgeCalls;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** A purse with a bottom: no call is made that might cost more than is left, judged by the dearest so far. Thread-safe. */
public final class SpendLimit implements JudgeCalls.Purse {

    private final @Nullable Money cap;
    private @Nullable Money spent;
    private @Nullable Money dearest;
    private int underWay;
    private boolean refused;
    private boolean unknown;

    /** @param cap null for no bottom */
    public SpendLimit(@Nullable Money cap) {
        this.cap = cap;
    }

    @Override
    public synchronized void open() throws JudgeClient.JudgeException, InterruptedException {
        // before the first is paid nobody knows what the others will cost
        while (cap != null && dearest == null && underWay > 0 && !unknown) {
            wait();
        }
        if (cap != null && (unknown || worst(cap).compareTo(cap) > 0)) {
            refused = true;
            throw new JudgeClient.JudgeException(
                    unknown ? "what it costs is not known" : "the spend cap leaves nothing for it");
        }
        underWay++;
    }

    private Money worst(Money within) {
        Money sum = spent == null ? Money.zero(within.currency()) : spent;
        return dearest == null
                ? sum
                : sum.plus(new Money(dearest.amount().multiply(BigDecimal.valueOf(underWay + 1L)), dearest.currency()));
    }

    @Override
    public synchronized void close(boolean answered, @Nullable Money cost) {
        underWay--;
        if (answered) {
            String currency = cap != null ? cap.currency() : spent == null ? null : spent.currency();
            if (cost == null || (currency != null && !currency.equals(cost.currency()))) {
                unknown = true;
            } else {
                spent = spent == null ? cost : spent.plus(cost);
                dearest = dearest == null || cost.compareTo(dearest) > 0 ? cost : dearest;
            }
        }
        notifyAll();
    }

    /** Whether a call was not made for want of money. */
    public synchronized boolean refused() {
        return refused;
    }

    /** What was paid; null when nothing. */
    public synchronized @Nullable Money spent() {
        return spent;
    }
}
