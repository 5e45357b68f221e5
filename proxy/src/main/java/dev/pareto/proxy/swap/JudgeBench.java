package dev.pareto.proxy.swap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.pareto.evals.grade.judge.CalibrationFile;
import dev.pareto.evals.grade.judge.Families;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.evals.grade.judge.JudgeAlone;
import dev.pareto.evals.grade.judge.JudgePairwise;
import dev.pareto.evals.grade.judge.ModelGrader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.guard.JudgePlan;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The judges of the configuration, with their rubrics and the proofs of their agreement with people; read again when the files change.
 * Reads files, so it is for threads that may wait. Thread-safe.
 */
public final class JudgeBench {

    private static final Logger LOG = LoggerFactory.getLogger(JudgeBench.class);
    private static final long MAX_RUBRIC_BYTES = 256 << 10;

    private final Path home;
    private final Map<JudgePlan, Loaded> loaded = new ConcurrentHashMap<>();

    /** @param home where relative files of the configuration are found */
    public JudgeBench(Path home) {
        this.home = home;
    }

    /**
     * A judge's place.
     *
     * @param grader not connected yet; null when it could not be read
     * @param problems why it may not be asked; empty when it may
     */
    public record Seat(@Nullable ModelGrader grader, List<String> problems) {

        public Seat {
            problems = List.copyOf(problems);
        }
    }

    private record Loaded(List<FileTime> times, Seat seat) {}

    /** The judge for these two models: one that is kin to either, or not over the bar, may not be asked. */
    public Seat seat(JudgePlan plan, ModelId candidate, ModelId incumbent) {
        Seat seat = seat(plan);
        List<String> problems = new ArrayList<>(seat.problems());
        for (ModelId judged : List.of(candidate, incumbent)) {
            if (Families.kin(plan.model().toString(), judged.toString())) {
                problems.add("judge " + plan.model() + " is of one family with " + judged);
            }
        }
        return new Seat(seat.grader(), problems);
    }

    private Seat seat(JudgePlan plan) {
        List<FileTime> times;
        try {
            times = times(plan);
        } catch (IOException missing) {
            return new Seat(null, List.of("a file of judge " + plan.model() + " is missing: " + missing.getMessage()));
        }
        Loaded before = loaded.get(plan);
        if (before != null && before.times().equals(times)) {
            return before.seat();
        }
        Seat seat = read(plan);
        loaded.put(plan, new Loaded(times, seat));
        seat.problems().forEach(problem -> LOG.warn("live answers are not judged: {}", problem));
        return seat;
    }

    private List<FileTime> times(JudgePlan plan) throws IOException {
        FileTime proof = Files.getLastModifiedTime(home.resolve(plan.calibration()));
        return plan.rubric() == null
                ? List.of(proof)
                : List.of(proof, Files.getLastModifiedTime(home.resolve(plan.rubric())));
    }

    private Seat read(JudgePlan plan) {
        try {
            Path rubric = plan.rubric() == null ? null : home.resolve(plan.rubric());
            if (rubric != null && Files.size(rubric) > MAX_RUBRIC_BYTES) {
                throw new IOException(rubric + " is larger than " + MAX_RUBRIC_BYTES + " bytes");
            }
            var judge = new Judge(plan.model(), rubric == null ? null : Files.readString(rubric), Judge.USUAL_SAMPLING,
                    CalibrationFile.read(home.resolve(plan.calibration())));
            ModelGrader grader = switch (plan.kind()) {
                case JUDGE_BINARY -> JudgeAlone.binary(judge);
                case JUDGE_SCORE -> JudgeAlone.score(judge, JudgeAlone.USUAL_THRESHOLD);
                case JUDGE_PAIRWISE -> new JudgePairwise(judge, 0.5, null);
            };
            return new Seat(grader, grader.gateProblems());
        } catch (IOException unreadable) {
            return new Seat(null, List.of("judge " + plan.model() + " ("
                    + plan.kind().name().toLowerCase(Locale.ROOT) + "): " + unreadable.getMessage()));
        }
    }
}
