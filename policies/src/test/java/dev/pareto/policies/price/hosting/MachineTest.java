package dev.pareto.policies.price.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Own machines: their rate, a request's share of their time, and the idle rest (vectors B14 to B17). */
final class MachineTest {

    private static final Money RATE = Money.usd("1.386597260274");
    private static final Money NOTHING = Money.zero("USD");

    private final AtomicLong nanos = new AtomicLong();
    private final MachineClock clock = new MachineClock(nanos::get);

    @Test
    void theRateIsAmortisationEnergyAndHosting() {
        MachineCost cost = new MachineCost(Money.usd("30000"), Money.usd("3000"), new BigDecimal("26280"),
                new BigDecimal("0.7"),
                new BigDecimal("1.3"), Money.usd("0.12"), Money.usd("0.25"), NOTHING);

        assertThat(cost.amortisationPerHour()).isEqualTo(Money.usd("1.027397260274"));
        assertThat(cost.energyPerHour()).isEqualTo(Money.usd("0.1092"));
        assertThat(cost.ratePerHour()).isEqualTo(RATE);
    }

    @Test
    void idlenessMakesTokensDear() {
        assertThat(MachineCost.perMillionTokens(RATE, new BigDecimal("2000"), new BigDecimal("0.40")))
                .isEqualTo(Money.usd("0.48145738204"));
        assertThat(MachineCost.perMillionTokens(RATE, new BigDecimal("2000"), BigDecimal.ONE))
                .isEqualTo(Money.usd("0.192582952816"));
        assertThat(MachineCost.breakEven(RATE, new BigDecimal("2000"), Money.usd("0.6")))
                .isEqualByComparingTo("0.320972");
    }

    @Test
    void aRequestPaysForTheSecondsThatItHeld() {
        assertThat(MachineBill.of(RATE, new BigDecimal("3.75"))).isEqualTo(Money.usd("0.001444372146"));
    }

    @Test
    void usedAndIdleAreTheWholeHour() {
        MachineBill bill = MachineBill.of(RATE, new BigDecimal("3600"), new BigDecimal("1440"));

        assertThat(bill.charged()).isEqualTo(Money.usd("0.55463890411"));
        assertThat(bill.idle()).isEqualTo(Money.usd("0.831958356164"));
        assertThat(bill.whole()).isEqualTo(RATE);
        assertThatThrownBy(() -> MachineBill.of(RATE, BigDecimal.ONE, BigDecimal.TEN))
                .hasMessageContaining("more was charged");
    }

    @Test
    void twoRequestsAtOnceShareTheMachine() {
        MachineClock.Share one = clock.begin();
        pass(10);
        MachineClock.Share other = clock.begin();
        pass(4);
        assertThat(one.end()).isEqualByComparingTo("12");
        pass(1);
        assertThat(other.end()).isEqualByComparingTo("3");
        assertThat(other.end()).isEqualByComparingTo("3");
        pass(5);

        assertThat(clock.time().wall()).isEqualByComparingTo("20");
        assertThat(clock.time().idle()).isEqualByComparingTo("5");
        assertThat(clock.time().used()).isEqualByComparingTo("15");
    }

    @Test
    void sharesAndIdleTimeAreAlwaysTheTimeThatPassed() {
        Random random = new Random(5);
        List<MachineClock.Share> running = new ArrayList<>();
        BigDecimal charged = BigDecimal.ZERO;
        for (int i = 0; i < 50_000; i++) {
            nanos.addAndGet(random.nextInt(2_000_000));
            if (running.isEmpty() || (running.size() < 64 && random.nextBoolean())) {
                running.add(clock.begin());
            } else {
                charged = charged.add(running.remove(random.nextInt(running.size())).end());
            }
        }
        for (MachineClock.Share share : running) {
            charged = charged.add(share.end());
        }
        BigDecimal used = clock.time().used();
        assertThat(charged).isLessThanOrEqualTo(used);
        assertThat(used.subtract(charged)).isLessThan(new BigDecimal("0.0001"));
    }

    private void pass(int seconds) {
        nanos.addAndGet(seconds * 1_000_000_000L);
    }
}
