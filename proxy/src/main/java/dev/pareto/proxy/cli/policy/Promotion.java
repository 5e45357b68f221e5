package dev.pareto.proxy.cli.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.promote.Ended;
import dev.pareto.policies.promote.Limits;
import dev.pareto.policies.promote.PromotionGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a file in the place of another in one step, keeps the old one beside it, watches the requests that end from then on, and puts the
 * old one back as soon as a guard breaks. The running gateway reads changed files again by itself.
 */
final class Promotion {

    /** A request that ends later than this after it was decided is not waited for. */
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final Pause pause;
    private final Requests requests;
    private final Consumer<String> told;

    /** Waits; in tests a clock moves instead. */
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /** The requests decided in a period that have ended, each with its id. */
    interface Requests {
        List<Request> between(Instant from, Instant to);
    }

    record Request(String id, Ended ended) {}

    /** Whether a configuration with the new file can be read; a reason when it cannot. */
    interface Check {
        @Nullable
        String fault();
    }

    /** How it ended. */
    sealed interface Outcome {

        /** The new file stays. */
        record Kept(long requests, Path backup) implements Outcome {}

        /** The old one is back, because of this. */
        record Undone(String reason, long requests) implements Outcome {}
    }

    Promotion(InstantSource clock, Pause pause, Requests requests, Consumer<String> told) {
        this.clock = clock;
        this.pause = pause;
        this.requests = requests;
        this.told = told;
    }

    /**
     * @param target what is replaced; made where there is none
     * @param watch how long guards look, and how far back what was before is looked at
     */
    Outcome run(Path source, Path target, Duration watch, Check check, @Nullable LimitsAsked asked)
            throws IOException, InterruptedException {
        Instant begin = clock.instant();
        List<Ended> before = requests.between(begin.minus(watch), begin).stream().map(Request::ended).toList();
        Limits limits = Limits.from(before);
        limits = asked == null ? limits : asked.on(limits);
        Path backup = target.resolveSibling(target.getFileName() + ".before-" + begin.toEpochMilli());
        boolean existed = Files.exists(target);
        if (existed) {
            Files.copy(target, backup, StandardCopyOption.COPY_ATTRIBUTES);
        }
        put(source, target);
        String fault = check.fault();
        if (fault != null) {
            restore(existed, backup, target);
            return new Outcome.Undone("the configuration is refused: " + fault, 0);
        }
        told.accept("in force: " + target + (existed ? ", the old one is " + backup : ""));
        told.accept("guards: " + limits);
        try {
            return watch(begin, watch, PromotionGuard.begin(limits), existed, backup, target);
        } catch (InterruptedException | RuntimeException stopped) {
            // nobody watches any more: what was not watched to the end does not stay
            restore(existed, backup, target);
            throw stopped;
        }
    }

    /** What a person asks of the guards. */
    interface LimitsAsked {
        Limits on(Limits found);
    }

    private Outcome watch(Instant begin, Duration watch, PromotionGuard guard, boolean existed, Path backup,
            Path target) throws IOException, InterruptedException {
        Set<String> seen = new HashSet<>();
        PromotionGuard now = guard;
        while (true) {
            Instant at = clock.instant();
            Instant from = begin.isAfter(at.minus(LONGEST)) ? begin : at.minus(LONGEST);
            for (Request request : requests.between(from, at)) {
                if (seen.add(request.id())) {
                    now = now.next(request.ended());
                    String broken = now.broken();
                    if (broken != null) {
                        restore(existed, backup, target);
                        return new Outcome.Undone(broken, now.requests());
                    }
                }
            }
            if (!at.isBefore(begin.plus(watch))) {
                return new Outcome.Kept(now.requests(), backup);
            }
            pause.of(EVERY);
        }
    }

    private static void put(Path source, Path target) throws IOException {
        Path folder = requireNonNull(target.toAbsolutePath().getParent());
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, ".promote", ".new");
        try {
            Files.copy(source, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private void restore(boolean existed, Path backup, Path target) throws IOException {
        if (existed) {
            // a new file, so that whoever watches its time sees a change
            put(backup, target);
            Files.deleteIfExists(backup);
        } else {
            Files.deleteIfExists(target);
        }
        told.accept("undone: " + target);
    }
}
