package dev.pareto.evals.suite.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SamplerTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final byte[] BODY = "{\"model\":\"support\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello?\"}]}"
            .getBytes(UTF_8);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void writesWhatItTookAndCountsWhatItCannotUse() throws Exception {
        try (Sampler sampler = new Sampler(store(folder), Thread.ofPlatform().daemon().factory())) {
            UUID request = new UUID(1, 2);
            sampler.offer(request, NOW, "support", BODY, new TreeMap<>());
            sampler.offer(new UUID(3, 4), NOW, "support", "{\"input\":\"embed\"}".getBytes(UTF_8), new TreeMap<>());
            sampler.offer(new UUID(5, 6), NOW, "support", new byte[SampleStore.MAX_SAMPLE_BYTES + 1], new TreeMap<>());
            while (sampler.kept() + sampler.dropped() < 3) {
                Thread.onSpinWait();
            }
            assertThat(sampler.kept()).isEqualTo(1);
            assertThat(sampler.dropped()).isEqualTo(2);
            assertThat(store(folder).read("support")).extracting(Sample::id).containsExactly(request.toString());
        }
    }

    /** The writer stands still as long as the disk does; the request's thread does not notice. */
    @Test
    void aWriterThatHangsCostsSamplesAndNothingElse() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        AtomicReference<Thread> writer = new AtomicReference<>();
        try (Sampler sampler = new Sampler(store(folder), task -> {
            Thread thread = Thread.ofPlatform().daemon().unstarted(() -> {
                try {
                    hang.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                task.run();
            });
            writer.set(thread);
            return thread;
        })) {
            for (int i = 0; i < 1_000; i++) {
                sampler.offer(new UUID(i, i), NOW, "support", BODY, new TreeMap<>());
            }
            assertThat(sampler.dropped()).isEqualTo(1_000 - 256);
            hang.countDown();
            while (sampler.kept() < 256) {
                Thread.onSpinWait();
            }
            assertThat(sampler.dropped()).isEqualTo(1_000 - 256);
        }
        writer.get().join();
    }

    @Test
    void aDiskThatFailsCostsSamplesAndNothingElse() throws Exception {
        Path file = Files.writeString(folder.resolve("taken"), "no folder");
        try (Sampler sampler = new Sampler(store(file), Thread.ofPlatform().daemon().factory())) {
            sampler.offer(new UUID(1, 1), NOW, "support", BODY, new TreeMap<>());
            while (sampler.dropped() < 1) {
                Thread.onSpinWait();
            }
            assertThat(sampler.kept()).isZero();
        }
    }

    @Test
    void choosesTheStatedShareByTheRequestsId() {
        SplittableRandom random = new SplittableRandom(1);
        int chosen = 0;
        for (int i = 0; i < 100_000; i++) {
            UUID request = new UUID(random.nextLong(), random.nextLong());
            assertThat(Sampler.chosen(request, 0.05)).isEqualTo(Sampler.chosen(request, 0.05));
            chosen += Sampler.chosen(request, 0.05) ? 1 : 0;
        }
        assertThat(chosen / 100_000.0).isCloseTo(0.05, within(0.003));
        assertThat(Sampler.chosen(new UUID(1, 2), 0)).isFalse();
        assertThat(Sampler.chosen(new UUID(1, 2), 1)).isTrue();
    }

    private static SampleStore store(Path folder) {
        return new SampleStore(folder, SampleStoreTest.key((byte) 1), Duration.ofDays(1), () -> NOW,
                new SecureRandom());
    }
}
