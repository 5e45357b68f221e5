package dev.pareto.proxy.cascade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.cascade.LearntVerifier;
import dev.pareto.policies.cascade.VerifierPlan;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.route.LabelledFile;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verifiers of all cascades, learnt behind the requests' back and again when their file of labels changes; until then the old one stays.
 * Thread-safe; answers from memory.
 */
public final class VerifierBook {

    /** Where a verifier stands. */
    public sealed interface State {}

    /** It can judge. */
    public record Ready(LearntVerifier verifier) implements State {}

    /** It is not known yet. */
    public record Learning() implements State {}

    /**
     * It cannot be learnt until there are more.
     *
     * @param missing how many more it takes at least
     */
    public record TooFewLabels(int labels, int missing) implements State {}

    /** Its labels cannot be read or used. */
    public record Unusable(String reason) implements State {}

    private static final Logger LOG = LoggerFactory.getLogger(VerifierBook.class);
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MOST = 200;
    /** The same labels teach the same verifier. */
    private static final long SEED = 1;

    private final Path home;
    private final Executor learner;
    private final LongSupplier nanoTime;
    private final Cache<Subject, Entry> entries = Caffeine.newBuilder().maximumSize(MOST).build();

    /**
     * @param home where relative files are found
     * @param learner where verifiers are learnt, which takes seconds each
     */
    public VerifierBook(Path home, Executor learner, LongSupplier nanoTime) {
        this.home = home;
        this.learner = learner;
        this.nanoTime = nanoTime;
    }

    /** What a verifier is about. */
    private record Subject(VerifierPlan verifier, ModelId first, ModelId strong,
            CascadePlan.@Nullable SecondOpinion second) {}

    /** A file as it was when it was read. */
    private record Stamp(long modifiedMillis, long bytes) {}

    /** Guarded by itself but for the state. */
    private static final class Entry {
        volatile State state = new Learning();
        @Nullable
        Stamp learnt;
        boolean busy;
        boolean looked;
        long lookedNanos;
    }

    /** Where the cascade's verifier stands now; the first time of asking sets it to work. */
    public State of(CascadePlan plan) {
        VerifierPlan wanted = Objects.requireNonNull(plan.verifier(), "the cascade has no verifier");
        Entry entry = entries.get(new Subject(wanted, plan.first(), plan.escalateTo(), plan.second()),
                subject -> new Entry());
        boolean look;
        synchronized (entry) {
            long now = nanoTime.getAsLong();
            look = !entry.busy && (!entry.looked || now - entry.lookedNanos > LOOK_NANOS);
            if (look) {
                entry.busy = true;
                entry.looked = true;
                entry.lookedNanos = now;
            }
        }
        if (look) {
            look(entry, plan, wanted);
        }
        return entry.state;
    }

    private void look(Entry entry, CascadePlan plan, VerifierPlan wanted) {
        try {
            learner.execute(() -> {
                try {
                    learn(entry, plan, wanted);
                } finally {
                    release(entry);
                }
            });
        } catch (RejectedExecutionException closing) {
            release(entry);
        }
    }

    private static void release(Entry entry) {
        synchronized (entry) {
            entry.busy = false;
        }
    }

    private void learn(Entry entry, CascadePlan plan, VerifierPlan wanted) {
        Path file = file(wanted.labels());
        Stamp stamp = file == null ? null : stamp(file);
        if (file == null || stamp == null) {
            // the old one stays where the file only went
            if (!(entry.state instanceof Ready)) {
                entry.state = unusable(plan, "there is no file " + wanted.labels());
            }
            return;
        }
        synchronized (entry) {
            if (stamp.equals(entry.learnt)) {
                return;
            }
        }
        try {
            entry.state = switch (LearntVerifier.learn(LabelledFile.read(file).prompts(), plan, SEED)) {
                case LearntVerifier.Ready ready -> told(plan, ready.verifier());
                case LearntVerifier.TooFewLabels few -> {
                    LOG.warn(
                            "the cascade of {} has {} labels for its verifier and needs {} more; all its answers are doubted",
                            plan.first(), few.labels(), few.missing());
                    yield new TooFewLabels(few.labels(), few.missing());
                }
            };
            synchronized (entry) {
                entry.learnt = stamp;
            }
        } catch (IOException | RuntimeException unreadable) {
            State failed = unusable(plan, String.valueOf(unreadable.getMessage()));
            entry.state = entry.state instanceof Ready old ? old : failed;
            synchronized (entry) {
                entry.learnt = stamp;
            }
        }
    }

    private static State told(CascadePlan plan, LearntVerifier verifier) {
        LOG.info("the verifier of {} against {} was learnt from {} labels: threshold {}, {} of them would be escalated",
                plan.first(), plan.escalateTo(), verifier.labels(), verifier.threshold(), verifier.escalatedShare());
        return new Ready(verifier);
    }

    private static State unusable(CascadePlan plan, String reason) {
        LOG.warn("the verifier of {} cannot be learnt, so all its answers are doubted: {}", plan.first(), reason);
        return new Unusable(reason);
    }

    private @Nullable Path file(String labels) {
        try {
            return home.resolve(labels);
        } catch (InvalidPathException none) {
            return null;
        }
    }

    private static @Nullable Stamp stamp(Path file) {
        try {
            return new Stamp(Files.getLastModifiedTime(file).toMillis(), Files.size(file));
        } catch (IOException missing) {
            return null;
        }
    }
}
