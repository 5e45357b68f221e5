package dev.pareto.proxy.experiment;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.pareto.dashboards.store.ExperimentRepository;
import dev.pareto.dashboards.store.ExposedRequest;
import dev.pareto.dashboards.store.StoredExperiment;
import dev.pareto.dashboards.store.StoredExperimentMove;
import dev.pareto.evals.experiment.Analysis;
import dev.pareto.evals.experiment.Findings;
import dev.pareto.evals.experiment.Ruling;
import dev.pareto.evals.experiment.Seen;
import dev.pareto.policies.experiment.Experiment;
import dev.pareto.policies.experiment.Experiment.State;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Experiments;
import dev.pareto.policies.experiment.HoldOut;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.IllegalMoveException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The experiments: in memory for the planner, which sees every move at once, and in the store for the next start; looked at while they run,
 * and ended by what a look finds. Thread-safe; everything but {@link #on} may wait for the store.
 */
public final class ExperimentBook implements Experiments, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExperimentBook.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** A look may take one part in so many of the time. */
    private static final int SPARING = 20;
    /** After a look that failed. */
    private static final Duration TRIED_AGAIN = Duration.ofSeconds(10);
    private static final int MOST_LOOKS = 200;
    private static final Duration LOOKS_APART = Duration.ofMinutes(1);
    private static final double GROWTH_BETWEEN_LOOKS = 1.02;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final ExperimentRepository store;
    private final Supplier<ParetoConfig> config;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService executor;
    private final Map<String, Experiment> experiments = new ConcurrentHashMap<>();
    private final Map<String, Latest> latest = new ConcurrentHashMap<>();
    private final Map<String, Failing> failing = new ConcurrentHashMap<>();
    /** Held for moments only, for event loops wait for it. */
    private final Object indexing = new Object();
    private volatile @Nullable Index index;

    /** What routes have in a configuration; made anew when that or a state changes. */
    private record Index(ParetoConfig config, Map<String, List<Current>> byRoute) {}

    /**
     * The last look.
     *
     * @param keptAt when one was written to the store
     * @param keptUnits how many units that one saw
     * @param notBeforeNanos when the next one is due
     */
    private record Latest(Look look, @Nullable Instant keptAt, long keptUnits, long notBeforeNanos) {}

    /** Why the last look of a run failed, and when the next one is tried. */
    private record Failing(int run, String why, long notBeforeNanos) {}

    /** What was found, and when. */
    public record Look(Instant at, Findings findings) {}

    /** @param executor of one thread, which the store may block; closed with this */
    public ExperimentBook(ExperimentRepository store, Supplier<ParetoConfig> config, InstantSource clock,
            LongSupplier nanoTime, ScheduledExecutorService executor) {
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.executor = executor;
        store.all().forEach(stored -> experiments.put(stored.name(), read(stored)));
        var _ = executor.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a configuration that was read again is another one; to compare them whole takes too long
    public List<Current> on(String route) {
        ParetoConfig now = config.get();
        Index known = index;
        if (known == null || known.config() != now) {
            known = index(now);
        }
        return known.byRoute().getOrDefault(route, List.of());
    }

    private Index index(ParetoConfig now) {
        synchronized (indexing) {
            Index made = indexed(now);
            index = made;
            return made;
        }
    }

    private Index indexed(ParetoConfig now) {
        Map<String, List<Current>> byRoute = new HashMap<>();
        for (boolean running : new boolean[]{true, false}) {
            now.experiments().values().forEach(plan -> {
                Experiment experiment = find(plan.name());
                boolean runs = experiment.state() == State.RUNNING;
                if (runs == running && (runs ? asStarted(experiment, plan) : !plan.before().isZero())) {
                    byRoute.computeIfAbsent(plan.route(), route -> new ArrayList<>())
                            .add(new Current(plan, runs ? experiment.run() : experiment.run() + 1, !runs));
                }
            });
        }
        now.routes().values().forEach(route -> {
            if (route.holdOut() > 0 && route.baseline() != null) {
                byRoute.computeIfAbsent(route.name(), name -> new ArrayList<>())
                        .add(HoldOut.on(route.name(), route.baseline(), route.holdOut()));
            }
        });
        byRoute.replaceAll((route, list) -> List.copyOf(list));
        return new Index(now, Map.copyOf(byRoute));
    }

    private static boolean asStarted(Experiment experiment, ExperimentPlan plan) {
        return plan.fingerprint().equals(experiment.fingerprint());
    }

    /** Every experiment that is stated, by name. */
    public List<ExperimentPlan> plans() {
        return List.copyOf(config.get().experiments().values());
    }

    /** Whether there was such a request, in an experiment or not. */
    public boolean served(String requestId) {
        return store.known(requestId);
    }

    /** Where it stands; a draft when nothing is known of it. */
    public Experiment find(String name) {
        Experiment known = experiments.get(name);
        return known == null ? Experiment.draft(name, clock.instant()) : known;
    }

    /** @throws IllegalArgumentException when the configuration states no such experiment */
    public ExperimentPlan plan(String name) {
        ExperimentPlan plan = config.get().experiments().get(name);
        if (plan == null) {
            throw new IllegalArgumentException(
                    "there is no experiment '" + name + "'; state it under 'experiments:' in "
                            + "pareto.yaml" + (plans().isEmpty()
                                    ? ""
                                    : ", where there are " + String.join(", ", config.get().experiments().keySet())));
        }
        return plan;
    }

    /**
     * Splits the traffic from the next request on.
     *
     * @throws IllegalMoveException when it runs already, or another one runs on the same traffic
     */
    public synchronized Experiment start(String name, String by, String why) {
        ExperimentPlan plan = plan(name);
        for (ExperimentPlan other : plans()) {
            if (!other.name().equals(name) && find(other.name()).state() == State.RUNNING && !plan.apartFrom(other)) {
                throw new IllegalMoveException(name + " cannot start: " + other.name()
                        + " runs on the same traffic of route " + plan.route()
                        + "; stop it, or give both a 'segment' of the same tag with different labels");
            }
        }
        latest.remove(name);
        failing.remove(name);
        return move(find(name).start(plan, by, why, clock.instant()), null);
    }

    /** Gives the traffic back, whatever can be found out of it. */
    public synchronized Experiment stop(String name, String by, String why) {
        return move(find(name).stop(by, why, clock.instant()), lookAgain(name));
    }

    /**
     * Says what follows.
     *
     * @param anyway whether also where the primary metric is not decided, or against what it decided; the record says so then
     * @throws IllegalMoveException when nothing speaks for the arm and nobody said anyway
     */
    public synchronized Experiment conclude(String name, String arm, String by, String why, boolean anyway) {
        ExperimentPlan plan = plan(name);
        Experiment before = find(name);
        before.conclude(plan, arm, by, why, clock.instant());
        Look found = lookAgain(name);
        List<Findings.Difference> primary = found == null
                ? List.of()
                : found.findings().differences().stream().filter(Findings.Difference::primary).toList();
        boolean open = primary.isEmpty()
                || primary.stream().anyMatch(one -> one.verdict() == Findings.Verdict.UNDECIDED);
        String against = against(plan, primary, arm);
        if (against != null && !anyway) {
            throw new IllegalMoveException(name + " has decided " + plan.primary().name() + " against that: " + against
                    + "; --anyway puts your choice on record as against the finding");
        }
        if (open && !anyway) {
            throw new IllegalMoveException(name + " has not decided " + plan.primary().name()
                    + " yet, so nothing speaks for an arm; --anyway puts your choice on record as undecided");
        }
        String note = against != null
                ? "against the finding (" + against + "), chosen anyway: "
                : open ? "undecided, chosen anyway: " : "";
        return move(before.conclude(plan, arm, by, note + why, clock.instant()), found);
    }

    /** What was decided that speaks against an arm: it is worse than the control, or it is the control and another is better. */
    private static @Nullable String against(ExperimentPlan plan, List<Findings.Difference> primary, String arm) {
        boolean control = plan.arms().getFirst().name().equals(arm);
        for (Findings.Difference one : primary) {
            if (one.verdict() == Findings.Verdict.WORSE && one.arm().equals(arm)) {
                return "arm " + arm + " is worse than the control";
            }
            if (control && one.verdict() == Findings.Verdict.BETTER) {
                return "arm " + one.arm() + " is better than the control";
            }
        }
        return null;
    }

    /** On file first, then in force: what was not written did not happen. */
    private Experiment move(Experiment next, @Nullable Look evidence) {
        Experiment before = find(next.name());
        store.save(new StoredExperiment(next.name(), next.state().name(), next.run(), next.since(),
                JSON.writeValueAsString(next)),
                new StoredExperimentMove(next.since(), next.name(), next.run(), before.state().name(),
                        next.state().name(), next.by(),
                        next.winner() == null ? next.reason() : "arm " + next.winner() + ": " + next.reason(),
                        evidence == null ? null : JSON.writeValueAsString(evidence)));
        synchronized (indexing) {
            experiments.put(next.name(), next);
            index = null;
        }
        LOG.info("experiment {}: {} -> {} by {}: {}", next.name(), before.state(), next.state(), next.by(),
                next.reason());
        return next;
    }

    private @Nullable Look lookAgain(String name) {
        ExperimentPlan plan = config.get().experiments().get(name);
        Experiment experiment = find(name);
        if (plan == null || experiment.startedAt() == null) {
            Latest known = latest.get(name);
            return known == null ? null : known.look();
        }
        try {
            Look look = new Look(clock.instant(), findings(plan, experiment, experiment.startedAt()));
            keep(experiment, look, 0, true);
            failing.remove(name);
            return look;
        } catch (RuntimeException failure) {
            failed(experiment, failure);
            return look(name);
        }
    }

    /** Why its newest look failed; null where none did. */
    public @Nullable String failure(String name) {
        Failing failed = failing.get(name);
        return failed == null || failed.run() != find(name).run() ? null : failed.why();
    }

    /** Told once, however often it is tried. */
    private void failed(Experiment experiment, RuntimeException failure) {
        String why = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        Failing before = failing.put(experiment.name(), new Failing(experiment.run(), why,
                nanoTime.getAsLong() + TRIED_AGAIN.toNanos()));
        if (before == null || before.run() != experiment.run() || !before.why().equals(why)) {
            LOG.error("experiment {} cannot be looked at, so neither its rule nor its guards can end it; tried again "
                    + "every {} s", experiment.name(), TRIED_AGAIN.toSeconds(), failure);
        }
    }

    /** The newest look of its present or last run; null before the first. */
    public @Nullable Look look(String name) {
        Latest known = latest.get(name);
        if (known != null) {
            return known.look();
        }
        ExperimentRepository.Look stored = store.lastLook(name, find(name).run());
        return stored == null ? null : new Look(stored.at(), readFindings(stored.json()));
    }

    /** The looks that were kept of its present or last run, oldest first. */
    public List<Look> looks(String name) {
        return store.looks(name, find(name).run())
                .stream()
                .map(stored -> new Look(stored.at(), readFindings(stored.json())))
                .toList();
    }

    /** Its moves, newest first. */
    public List<StoredExperimentMove> moves(String name, int limit) {
        return store.moves(name, limit);
    }

    /** Looks at everything that runs and is due, and ends what is to end; one that cannot be looked at keeps no other from it. */
    public synchronized void look() {
        for (Experiment experiment : List.copyOf(experiments.values())) {
            if (experiment.state() == State.RUNNING && experiment.startedAt() != null) {
                try {
                    look(experiment, experiment.startedAt());
                } catch (RuntimeException failure) {
                    failed(experiment, failure);
                }
            }
        }
    }

    private void look(Experiment experiment, Instant startedAt) {
        ExperimentPlan plan = config.get().experiments().get(experiment.name());
        if (plan == null || !asStarted(experiment, plan)) {
            Latest known = latest.get(experiment.name());
            move(experiment.stop("configuration", plan == null
                    ? "the configuration does not state it any more"
                    : "the configuration states it differently now, and what was seen before and after cannot be compared; "
                            + "start it again",
                    clock.instant()), known == null ? null : known.look());
            return;
        }
        long begun = nanoTime.getAsLong();
        Latest known = latest.get(experiment.name());
        Failing failed = failing.get(experiment.name());
        if ((known != null && begun - known.notBeforeNanos() < 0)
                || (failed != null && failed.run() == experiment.run() && begun - failed.notBeforeNanos() < 0)) {
            return;
        }
        Instant now = clock.instant();
        Findings findings = findings(plan, experiment, startedAt);
        Ruling ruling = Ruling.of(plan, findings, startedAt, now);
        boolean ends = ruling.kind() != Ruling.Kind.CONTINUE;
        Look look = new Look(now, findings);
        keep(experiment, look, SPARING * (nanoTime.getAsLong() - begun), ends);
        failing.remove(experiment.name());
        if (ends) {
            move(experiment.stop(ruling.kind() == Ruling.Kind.GUARD ? "guard" : "rule", ruling.reason(), now), look);
        }
    }

    private Findings findings(ExperimentPlan plan, Experiment experiment, Instant startedAt) {
        return new Analysis(plan).ofEach(taker -> store.eachRequest(plan.name(), experiment.run(),
                startedAt.minus(plan.before()), request -> taker.accept(seen(request))));
    }

    private static Seen seen(ExposedRequest request) {
        return new Seen(request.arm(), request.before(), request.unit(), request.ask(), request.at(),
                request.endedAt(), request.delivered(), request.values());
    }

    /** Every look is the newest one; those that show something new stay, fewer of the old ones. */
    private void keep(Experiment experiment, Look look, long pauseNanos, boolean last) {
        Latest known = latest.get(experiment.name());
        Instant keptAt = known == null ? null : known.keptAt();
        long units = look.findings().units();
        long keptUnits = known == null ? 0 : known.keptUnits();
        boolean stays = last || (units > 0 && (keptAt == null || units > keptUnits * GROWTH_BETWEEN_LOOKS + 1
                || look.at().isAfter(keptAt.plus(LOOKS_APART))));
        if (stays) {
            store.look(experiment.name(), experiment.run(), look.at(), JSON.writeValueAsString(look.findings()));
            keptAt = look.at();
            keptUnits = units;
            thin(experiment);
        }
        latest.put(experiment.name(), new Latest(look, keptAt, keptUnits, nanoTime.getAsLong() + pauseNanos));
    }

    private void thin(Experiment experiment) {
        List<Instant> looks = store.lookTimes(experiment.name(), experiment.run());
        if (looks.size() > MOST_LOOKS) {
            for (int i = 1; i < looks.size() / 2; i += 2) {
                store.forget(experiment.name(), experiment.run(), looks.get(i));
            }
        }
    }

    private void tick() {
        try {
            look();
        } catch (RuntimeException failure) {
            LOG.error("the experiments could not be looked at; tried again in {}", TICK, failure);
        }
    }

    private static Findings readFindings(String json) {
        return JSON.readValue(json, Findings.class);
    }

    /** A state that cannot be read assigns nobody. */
    private Experiment read(StoredExperiment stored) {
        try {
            return JSON.readValue(stored.json(), Experiment.class);
        } catch (JacksonException unreadable) {
            LOG.error("the state of experiment {} cannot be read; it begins anew", stored.name(), unreadable);
            return new Experiment(stored.name(), stored.run(), State.DRAFT, clock.instant(), null, null,
                    "configuration", "its state could not be read", null);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
