package dev.pareto.proxy.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.promote.Ended;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromotionTest {

    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private Instant now = BEGIN;
    private Path source;
    private Path target;

    @BeforeEach
    void files() throws IOException {
        source = Files.writeString(folder.resolve("new.yaml"), "new");
        target = Files.writeString(folder.resolve("live.yaml"), "old");
    }

    /** One request a second, before and after; those after fail where the predicate says so. */
    private Promotion.Outcome run(IntPredicate fails, @Nullable String fault) throws Exception {
        var promotion = new Promotion(() -> now, time -> now = now.plus(time), (from, to) -> {
            List<Promotion.Request> requests = new ArrayList<>();
            for (Instant at = from; at.isBefore(to); at = at.plusSeconds(1)) {
                int second = (int) Duration.between(BEGIN, at).toSeconds();
                requests.add(new Promotion.Request("r" + second,
                        new Ended(at, second >= 0 && fails.test(second), 1, new BigDecimal("0.001"))));
            }
            return requests;
        }, told::add);
        return promotion.run(source, target, Duration.ofMinutes(5), () -> fault, null);
    }

    @Test
    void staysWhenNothingBreaksAndKeepsTheOldFile() throws Exception {
        Promotion.Outcome outcome = run(second -> false, null);
        assertThat(outcome).isInstanceOfSatisfying(Promotion.Outcome.Kept.class, kept -> {
            assertThat(kept.requests()).isEqualTo(300);
            assertThat(kept.backup()).hasContent("old");
        });
        assertThat(target).hasContent("new");
    }

    @Test
    void undoesItselfWhenRequestsFail() throws Exception {
        Promotion.Outcome outcome = run(second -> second % 2 == 0, null);
        assertThat(outcome).isInstanceOfSatisfying(Promotion.Outcome.Undone.class, undone -> {
            assertThat(undone.reason()).contains("requests fail");
            assertThat(undone.requests()).isLessThan(30);
        });
        assertThat(target).hasContent("old");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("new.yaml", "live.yaml");
    }

    @Test
    void undoesItselfAtOnceWhenTheConfigurationIsRefused() throws Exception {
        assertThat(run(second -> false, "policy 'p' is given twice")).isInstanceOfSatisfying(
                Promotion.Outcome.Undone.class, undone -> assertThat(undone.reason()).contains("given twice"));
        assertThat(target).hasContent("old");
    }

    @Test
    void aFileThatWasNotThereIsGoneAgain() throws Exception {
        Files.delete(target);
        run(second -> true, null);
        assertThat(target).doesNotExist();
    }
}
