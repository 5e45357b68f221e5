package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import dev.pareto.evals.grade.judge.Families;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * Puts a suite to one model or two. Items go out in seeded random order, both models' calls for an item side by side,
 * so that a slow hour of the network hits both. Answers that are on disk are not asked for again. Thread-safe.
 */
public final class EvalRunner {

    private final ModelClient client;
    private final RunStore store;
    private final InstantSource clock;
    private final ExecutorService executor;
    private final Pause pause;

    /** Waits between attempts. */
    @FunctionalInterface
    public interface Pause {
        /** Returns after the duration. */
        void pause(Duration duration) throws InterruptedException;
    }

    /**
     * @param executor runs up to {@code concurrency} workers at once; one virtual thread per task is a good choice
     */
    public EvalRunner(ModelClient client, RunStore store, InstantSource clock, ExecutorService executor,
            Pause pause) {
        this.client = requireNonNull(client, "client is null");
        this.store = requireNonNull(store, "store is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.executor = requireNonNull(executor, "executor is null");
        this.pause = requireNonNull(pause, "pause is null");
    }

    /** Runs the suite on one model. */
    public Run run(Suite suite, Contestant model, RunSettings settings, RunListener listener)
            throws IOException, InterruptedException {
        return execute(suite, List.of(model), settings, listener, PairMonitor.ALL_ITEMS).runs().getFirst();
    }

    /**
     * Runs the suite on both models.
     *
     * @param monitor may end the comparison early, for sequential tests
     */
    public Comparison compare(Suite suite, Contestant candidate, Contestant incumbent, RunSettings settings,
            RunListener listener, PairMonitor monitor) throws IOException, InterruptedException {
        if (candidate.equals(incumbent)) {
            throw new IllegalArgumentException("the candidate is the incumbent: " + candidate.model());
        }
        Executed done = execute(suite, List.of(candidate, incumbent), settings, listener, monitor);
        return new Comparison(suite, done.runs().get(0), done.runs().get(1), settings.orderSeed(), done.spent());
    }

    /**
     * Asks one model the first items of the suite twice, side by side: the {@code incumbent} of the result is the first asking, whose
     * answers a later run reuses, the {@code candidate} the second.
     *
     * @param items how many
     */
    public Comparison twice(Suite suite, Contestant model, int items, RunSettings settings, RunListener listener)
            throws IOException, InterruptedException {
        return compare(first(suite, items, settings), model.again(model.sample() + 1), model, settings, listener,
                PairMonitor.ALL_ITEMS);
    }

    /** The items that a run asks first, as a suite of their own. */
    public static Suite first(Suite suite, int items, RunSettings settings) {
        List<Item> order = Order.seeded(suite.items(), Item::id, settings.orderSeed());
        return items >= order.size() ? suite : suite.of(order.subList(0, items), "-first-" + items);
    }

    /** @param spent on all that was asked, also on what came too late to count; null when nothing, or nobody knows */
    private record Executed(List<Run> runs, @Nullable Money spent) {}

    private Executed execute(Suite suite, List<Contestant> contestants, RunSettings settings, RunListener listener,
            PairMonitor monitor) throws IOException, InterruptedException {
        contestants.forEach(contestant -> refuseKin(suite, contestant.model()));
        List<Item> items = Order.seeded(suite.items(), Item::id, settings.orderSeed());
        Integer most = suite.decision().nMax();
        if (most != null && most < items.size()) {
            items = items.subList(0, most);
        }
        List<RunStore.Log> logs = new ArrayList<>();
        try (JudgeCalls judges = suite.judges().isEmpty() ? null : judges(suite, settings)) {
            for (Contestant contestant : contestants) {
                logs.add(store.open(contestant.key(suite)));
            }
            Session session = new Session(suite, items, contestants, logs, settings, listener, monitor, clock, judges);
            work(session, settings);
            return new Executed(session.results(), session.spent());
        } finally {
            closeAll(logs);
        }
    }

    /** Before anything is spent: a judge of the model's family would give it no score. */
    private static void refuseKin(Suite suite, ModelId model) {
        for (ModelId judge : suite.judges()) {
            if (Families.kin(judge.toString(), model.toString())) {
                throw new IllegalArgumentException("judge " + judge + " is of one family with " + model
                        + "; name a judge of another family in the suite");
            }
        }
    }

    private JudgeCalls judges(Suite suite, RunSettings settings) throws IOException {
        return new JudgeCalls(client, settings.attempts(), pause,
                store.directory().resolve(suite.id()).resolve("judgements.jsonl"));
    }

    private void work(Session session, RunSettings settings) throws InterruptedException, IOException {
        Pace pace = new Pace(settings.callsPerMinute());
        List<Future<?>> workers = new ArrayList<>();
        try {
            for (int i = 0; i < settings.concurrency(); i++) {
                workers.add(executor.submit(() -> {
                    boolean ended = false;
                    try {
                        answerAll(session, settings, pace);
                        ended = true;
                    } finally {
                        if (!ended) {
                            session.abort();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("a worker of the run failed", e.getCause());
        } finally {
            workers.forEach(worker -> worker.cancel(true));
        }
    }

    private void answerAll(Session session, RunSettings settings, Pace pace) throws IOException, InterruptedException {
        for (Session.Task task = session.next(); task != null; task = session.next()) {
            Answer answer = null;
            String error = "no attempt was made";
            boolean denied = false;
            for (int attempt = 1; answer == null && attempt <= settings.attempts(); attempt++) {
                Duration place = pace.reserve(clock.instant());
                if (place.isPositive()) {
                    pause.pause(place);
                }
                try {
                    answer = client.ask(task.contestant().model(), task.item().messages(), session.sampling());
                } catch (ModelCallException e) {
                    error = String.valueOf(e.getMessage());
                    denied = e.denied();
                    if (!e.retryable() || attempt == settings.attempts()) {
                        break;
                    }
                    pause.pause(wait(settings, attempt, e.retryAfter()));
                }
            }
            session.settle(task, answer, error, denied);
        }
    }

    private static Duration wait(RunSettings settings, int attempt, @Nullable Duration asked) {
        Duration wait = asked == null ? settings.firstPause().multipliedBy(1L << (attempt - 1)) : asked;
        return wait.compareTo(RunSettings.LONGEST_PAUSE) > 0 ? RunSettings.LONGEST_PAUSE : wait;
    }

    private static void closeAll(List<RunStore.Log> logs) throws IOException {
        IOException failure = null;
        for (RunStore.Log log : logs) {
            try {
                log.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
