package dev.pareto.dashboards.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class UuidV7Test {

    @Test
    void idsRiseWithinAMillisecondAndWhenTheClockStepsBack() {
        AtomicLong millis = new AtomicLong(1_700_000_000_000L);
        UuidV7 ids = new UuidV7(() -> Instant.ofEpochMilli(millis.get()), new SplittableRandom(1));
        String last = ids.get().toString();
        for (int i = 0; i < 20_000; i++) {
            if (i == 10_000) {
                millis.addAndGet(-5_000);
            }
            String next = ids.get().toString();
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void anIdCarriesItsTimeVersionAndVariant() {
        UUID id = new UuidV7(() -> Instant.ofEpochMilli(0x0123456789ABL), new SplittableRandom(1)).get();
        assertThat(id.toString()).startsWith("01234567-89ab-7");
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
    }
}
