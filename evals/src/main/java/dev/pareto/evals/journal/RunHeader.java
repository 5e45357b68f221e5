package dev.pareto.evals.journal;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.suite.Suite;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is of: the first line of its journal.
 *
 * @param id names the run: the moment of its start, e.g. {@code 20261122-134207-123456}
 * @param suiteFolder where the items' words are
 * @param route the suite's; null when it has none
 * @param models one, or candidate and incumbent
 * @param margin of a comparison; null for a run of one model
 * @param sequential whether it may end early
 * @param total items to be asked, of each model
 * @param gateProblems why its judges may not decide a swap; empty when they may or there are none
 * @param keyed whether anything says what is right; null in the files of a version that did not ask
 * @param pid of the process that writes
 * @param processStarted tells it from a later process of that number; null when the system does not say
 */
public record RunHeader(String id, String suite, String suiteVersion, String suiteFolder, @Nullable String route,
        List<ModelRef> models, @Nullable Double margin, boolean sequential, int total, Instant startedAt,
        List<JudgeNote> judges, List<String> gateProblems, @Nullable Boolean keyed, long pid,
        @Nullable Instant processStarted) {

    /** A model that is asked, and what is known to serve it. */
    public record ModelRef(String model, @Nullable String fingerprint) {}

    public RunHeader {
        requireNonNull(id, "id is null");
        requireNonNull(suite, "suite is null");
        requireNonNull(suiteVersion, "suiteVersion is null");
        requireNonNull(suiteFolder, "suiteFolder is null");
        requireNonNull(startedAt, "startedAt is null");
        models = List.copyOf(models);
        judges = List.copyOf(judges);
        gateProblems = List.copyOf(gateProblems);
        if (models.isEmpty() || models.size() > 2) {
            throw new IllegalArgumentException("a run is of one model or of two, not of " + models.size());
        }
    }

    /**
     * A run that is about to begin.
     *
     * @param contestants one, or candidate and incumbent
     */
    public static RunHeader of(Suite suite, Path folder, List<Contestant> contestants, @Nullable Double margin,
            boolean sequential, Instant now) {
        Integer most = suite.decision().nMax();
        int items = suite.items().size();
        List<String> problems = contestants.size() < 2
                ? List.of()
                : suite.gateProblems(contestants.getFirst().model(), contestants.getLast().model());
        ProcessHandle self = ProcessHandle.current();
        return new RunHeader(RunId.of(now), suite.id(), suite.version(), folder.toAbsolutePath().normalize().toString(),
                suite.route(),
                contestants.stream().map(one -> new ModelRef(one.model().toString(), one.fingerprint())).toList(),
                margin, sequential, most == null ? items : Math.min(most, items), now, JudgeNote.of(suite), problems,
                suite.keyed(), self.pid(), self.info().startInstant().orElse(null));
    }

    /** Whether two models are put side by side. */
    public boolean compares() {
        return models.size() == 2;
    }

    /** Whether the process that wrote it is still there. */
    boolean writerAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> processStarted == null
                        || process.info().startInstant().map(processStarted::equals).orElse(true))
                .isPresent();
    }
}
