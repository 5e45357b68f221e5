package dev.pareto.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.proxy.dialect.openai.RefusedException;

import org.junit.jupiter.api.Test;

final class LimitsTest {

    @Test
    void retriesAreAShareOfTheTrafficAfterAReserve() {
        RetryBudget budget = new RetryBudget(0.2, 2);

        assertThat(budget.withdraw()).isTrue();
        assertThat(budget.withdraw()).isTrue();
        assertThat(budget.withdraw()).isFalse();
        for (int i = 0; i < 4; i++) {
            budget.deposit();
        }
        assertThat(budget.withdraw()).isFalse();
        budget.deposit();
        assertThat(budget.withdraw()).isTrue();
    }

    @Test
    void refusesAtTheBoundAndTakesAPlaceBackOnce() {
        Admission admission = new Admission(1);
        Admission.Permit permit = admission.enter();

        assertThatThrownBy(admission::enter).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.error().status()).isEqualTo(503);
            assertThat(refused.error().retryAfter()).isNotNull();
        });
        permit.close();
        permit.close();
        assertThat(admission.inFlight()).isZero();
    }
}
