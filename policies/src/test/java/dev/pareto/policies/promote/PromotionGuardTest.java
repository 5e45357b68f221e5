package dev.pareto.policies.promote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PromotionGuardTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static Ended ended(SplittableRandom random, double errors, double slower, double dearer) {
        return new Ended(NOW, random.nextDouble() < errors,
                slower * Math.exp(0.3 * (random.nextDouble() + random.nextDouble() - 1)),
                BigDecimal.valueOf(dearer * (0.5 + random.nextDouble()) / 1000));
    }

    private static Limits before() {
        var random = new SplittableRandom(1);
        List<Ended> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.add(ended(random, 0.005, 1, 1));
        }
        return Limits.from(all);
    }

    private static @Nullable String after(int requests, double errors, double slower, double dearer, Limits limits) {
        var random = new SplittableRandom(2);
        PromotionGuard guard = PromotionGuard.begin(limits);
        for (int i = 0; i < requests && guard.broken() == null; i++) {
            guard = guard.next(ended(random, errors, slower, dearer));
        }
        return guard.broken();
    }

    @Test
    void whatIsAsBeforeStays() {
        assertThat(after(5_000, 0.005, 1, 1, before())).isNull();
    }

    @Test
    void errorsLatencyCostAndSpendingBreakIt() {
        assertThat(after(200, 0.3, 1, 1, before())).contains("requests fail");
        assertThat(after(200, 0, 3, 1, before())).contains("p95");
        assertThat(after(200, 0, 1, 3, before())).contains("costs");
        assertThat(after(200, 0, 1, 1, before().with(null, null, null, new BigDecimal("0.05")))).contains("spent");
    }

    @Test
    void littleKnownOfBeforeGivesWideLimits() {
        Limits limits = Limits.from(List.of());
        assertThat(limits.costPerRequest()).isNull();
        assertThat(after(200, 0.5, 1, 1, limits)).contains("requests fail");
    }
}
