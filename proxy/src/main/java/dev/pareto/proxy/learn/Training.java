package dev.pareto.proxy.learn;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.pareto.dashboards.store.LabelRepository;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.predict.live.AccuracyBoard;
import dev.pareto.policies.predict.live.AnsweredItem;
import dev.pareto.policies.predict.live.LabelledItem;
import dev.pareto.policies.predict.live.Promise;
import dev.pareto.policies.predict.live.RoutePredictor;
import dev.pareto.policies.predict.live.RouteTeacher;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Teaches a route's predictor when enough labels have come or some time has passed, puts it in force if it is not worse than the one before,
 * and takes what another process put in force. {@link #look} is for one thread in the background; the rest is thread-safe.
 */
public final class Training {

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    /**
     * When to learn.
     *
     * @param labels so many new ones are worth a lesson
     * @param atLeastEvery one new label is, or so many new prompts, after this time
     * @param atMostEvery no two lessons of a route are closer
     */
    public record Pace(int labels, Duration atLeastEvery, Duration atMostEvery) {

        static final Pace USUAL = new Pace(50, Duration.ofHours(6), Duration.ofMinutes(5));
    }

    /**
     * What came of a route's last lesson.
     *
     * @param outcome {@code taken}, {@code not-taken}, {@code nothing-learnt} or {@code failed}
     */
    public record Lesson(Instant at, String outcome, String sentence) {}

    private final LabelRepository store;
    private final AccuracyBoard board;
    private final PredictorFiles files;
    private final Supplier<ParetoConfig> config;
    private final RouteTeacher teacher;
    private final Pace pace;
    private final InstantSource clock;
    private final Map<String, Lesson> lessons = new ConcurrentHashMap<>();

    public Training(LabelRepository store, AccuracyBoard board, PredictorFiles files, Supplier<ParetoConfig> config,
            RouteTeacher teacher, Pace pace, InstantSource clock) {
        this.store = store;
        this.board = board;
        this.files = files;
        this.config = config;
        this.teacher = teacher;
        this.pace = pace;
        this.clock = clock;
    }

    /** What came of a route's last lesson since the gateway started; null before the first. */
    public @Nullable Lesson last(String route) {
        return lessons.get(route);
    }

    /** The predictors in force. */
    public AccuracyBoard board() {
        return board;
    }

    /** Takes new versions from the files and teaches the routes that are due. */
    public void look() {
        takeFiles();
        for (String route : store.routes()) {
            if (due(route)) {
                teach(route);
            }
        }
    }

    private boolean due(String route) {
        Lesson last = lessons.get(route);
        Instant now = clock.instant();
        if (last != null && last.at().plus(pace.atMostEvery()).isAfter(now)) {
            return false;
        }
        RoutePredictor inForce = board.find(route);
        Instant known = last != null ? last.at() : inForce == null ? Instant.EPOCH : inForce.trainedAt();
        int fresh = store.since(route, known);
        return fresh >= pace.labels() || (known.plus(pace.atLeastEvery()).isBefore(now)
                && (fresh > 0 || store.rememberedSince(route, known) >= pace.labels()));
    }

    /** Teaches a route now. Takes seconds; one at a time. */
    public synchronized Lesson teach(String route) {
        Instant now = clock.instant();
        Lesson lesson;
        try {
            List<LabelledItem> items = store.labelled(route, LabelDesk.MOST_LABELLED);
            List<AnsweredItem> answers = store.answered(route, LabelDesk.MOST_UNLABELLED);
            lesson = switch (teacher.teach(route, items, answers, board.find(route), now)) {
                case RouteTeacher.Taken(RoutePredictor predictor, String sentence) -> {
                    files.put(predictor);
                    take(predictor);
                    yield new Lesson(now, "taken", sentence);
                }
                case RouteTeacher.NotTaken(RoutePredictor _, String sentence) ->
                    new Lesson(now, "not-taken", sentence);
                case RouteTeacher.NothingLearnt(String sentence) -> new Lesson(now, "nothing-learnt", sentence);
            };
        } catch (IOException | RuntimeException failure) {
            LOG.error("route {} could not be taught", route, failure);
            lesson = new Lesson(now, "failed", String.valueOf(failure.getMessage()));
        }
        LOG.info("predictor of route {}: {}: {}", route, lesson.outcome(), lesson.sentence());
        lessons.put(route, lesson);
        return lesson;
    }

    private void takeFiles() {
        try {
            for (String route : files.routes()) {
                takeFile(route);
            }
        } catch (IOException unreadable) {
            LOG.error("the folder of predictors could not be read: {}", unreadable.getMessage());
        }
    }

    /** One route's file that cannot be read is no reason to leave the others. */
    private void takeFile(String route) throws IOException {
        RoutePredictor known = board.find(route);
        try {
            if (known == null || !known.version().equals(files.version(route))) {
                Optional.ofNullable(files.read(route)).ifPresent(this::take);
            }
        } catch (UnreadablePredictorException old) {
            files.setAside(route);
            LOG.warn("the predictor of route {} is put aside, {}: {}", route,
                    known == null
                            ? "and the route has none until it is taught again from its labels"
                            : "and the one before stays in force",
                    old.getMessage());
        } catch (IOException unreadable) {
            LOG.error("the predictor of route {} could not be read and the one before stays in force: {}", route,
                    unreadable.getMessage());
        }
    }

    private void take(RoutePredictor predictor) {
        promised(predictor.route()).forEach(predictor::prepare);
        board.put(predictor);
    }

    /**
     * What policies and floors promise of prompts, for the route's candidates: a caller may ask for another policy than the route's
     * own.
     */
    private List<Promise> promised(String name) {
        ParetoConfig now = config.get();
        List<Constraints> all = new ArrayList<>();
        now.policies().values().forEach(policy -> all.add(policy.constraints()));
        now.floors().forEach(floor -> all.add(floor.constraints()));
        List<Promise> promises = new ArrayList<>();
        for (ModelId candidate : now.route(name).map(Route::candidates).orElse(List.of())) {
            for (Constraints constraints : all) {
                for (AccuracyFloor floor : constraints.accuracy()) {
                    if (floor instanceof AccuracyFloor.Within within && within.basis() == AccuracyFloor.Basis.PROMPT) {
                        promises.add(
                                new Promise(candidate, within.reference(), within.margin(), within.confidence()));
                    }
                }
            }
        }
        return promises;
    }
}
