package dev.pareto.dashboards.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for one step after another, with pauses in which the disk is others', until nothing is left; then looks again each hour. */
final class MonthTrimmer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MonthTrimmer.class);
    private static final Duration BETWEEN_STEPS = Duration.ofMillis(20);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);
    /** A gateway that starts has other things to do. */
    private static final Duration FIRST_LOOK = Duration.ofMinutes(1);

    private final int months;
    private final InstantSource clock;
    private final Function<YearMonth, CompletableFuture<Integer>> step;
    private final ScheduledExecutorService executor = Executors
            .newSingleThreadScheduledExecutor(Thread.ofVirtual().name("pareto-ledger-trim").factory());

    /**
     * @param months that are kept, before this one
     * @param step takes some rows of months before the one that it is given, and tells how many
     */
    MonthTrimmer(int months, InstantSource clock, Function<YearMonth, CompletableFuture<Integer>> step) {
        this.months = months;
        this.clock = clock;
        this.step = step;
        later(FIRST_LOOK);
    }

    private void later(Duration pause) {
        try {
            var _ = executor.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("The ledger was closed, and lets go of nothing more");
        }
    }

    private void look() {
        Duration pause = AFTER_FAILURE;
        try {
            pause = step.apply(first()).join() > 0 ? BETWEEN_STEPS : BETWEEN_LOOKS;
        } catch (CompletionException busyOrFailed) {
            LOG.debug("Rows of old months stay for now: {}", busyOrFailed.getMessage());
        } finally {
            later(pause);
        }
    }

    /** The first month that stays. */
    YearMonth first() {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC)).minusMonths(months);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
