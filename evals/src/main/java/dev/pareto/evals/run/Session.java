package dev.pareto.evals.run;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.record.PromptHash;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * The state of one execution: which calls are due, what came back, what was spent. Thread-safe; calls and
 * grading happen outside the lock.
 */
final class Session {

    /** So many failures of a model in a row end the run. */
    static final int FAILURES_IN_A_ROW = 20;
    /** So many questions whose caller was refused, before any was answered, end the run. */
    static final int DENIALS = 2;

    private final Suite suite;
    private final List<Item> items;
    private final List<String> prompts;
    private final List<Lane> lanes = new ArrayList<>();
    private final RunSettings settings;
    private final RunListener listener;
    private final PairMonitor monitor;
    private final InstantSource clock;
    private final @Nullable JudgeCalls judges;
    private final Instant startedAt;
    private @Nullable Money spent;
    private @Nullable Money dearestJudgement;
    private int judgementsInFlight;
    private int nextTask;
    private int watched;
    private boolean aborted;
    private Run.@Nullable Stop stop;

    /** One due call. */
    record Task(int position, int lane, Item item, Contestant contestant) {}

    Session(Suite suite, List<Item> items, List<Contestant> contestants, List<RunStore.Log> logs,
            RunSettings settings, RunListener listener, PairMonitor monitor, InstantSource clock,
            @Nullable JudgeCalls judges) throws IOException {
        this.suite = suite;
        this.items = items;
        this.settings = settings;
        this.listener = listener;
        this.monitor = monitor;
        this.clock = clock;
        this.judges = judges;
        this.startedAt = clock.instant();
        this.prompts = items.stream().map(item -> PromptHash.of(item.messages())).toList();
        for (int i = 0; i < contestants.size(); i++) {
            Lane lane = new Lane(contestants.get(i), logs.get(i), items.size());
            lanes.add(lane);
            for (int position = 0; position < items.size(); position++) {
                StoredAnswer stored = lane.log.find(prompts.get(position));
                if (stored != null) {
                    ItemOutcome outcome = graded(lane, items.get(position), stored, true);
                    if (outcome != null) {
                        lane.price(outcome.worth());
                        lane.take(position, outcome);
                        listener.onOutcome(lane.contestant, outcome);
                    }
                }
            }
        }
        watch();
    }

    Map<String, Object> sampling() {
        return suite.sampling();
    }

    /** The next call to make, or null when there is none left. */
    synchronized @Nullable Task next() throws InterruptedException {
        while (stop == null && !aborted && nextTask < items.size() * lanes.size()) {
            int position = nextTask / lanes.size();
            if (tooFarAhead(position)) {
                wait();
                continue;
            }
            int lane = nextTask % lanes.size();
            if (lanes.get(lane).outcomes[position] != null) {
                nextTask++;
                continue;
            }
            if (priceUnknown(lanes.get(lane)) || strange(lanes.get(lane))) {
                wait();
                continue;
            }
            if (mightExceedCap(lanes.get(lane))) {
                stop = Run.Stop.SPEND_CAP;
                return null;
            }
            nextTask++;
            lanes.get(lane).inFlight++;
            return new Task(position, lane, items.get(position), lanes.get(lane).contestant);
        }
        return null;
    }

    /** Takes what a call brought: an answer, or the error when there is none. */
    void settle(Task task, @Nullable Answer answer, String error, boolean denied) throws IOException {
        if (answer == null) {
            if (denied) {
                deny(task);
            }
            settled(task, false, ItemOutcome.failed(task.item(), error));
            return;
        }
        StoredAnswer stored = new StoredAnswer(task.item().id(), prompts.get(task.position()),
                clock.instant(), answer);
        keep(task, stored);
        // Outside the lock: a grader may ask a judge, and the other calls need not wait for it.
        settled(task, true, graded(lanes.get(task.lane()), task.item(), stored, false));
    }

    /** A vendor that has answered before, or refuses one question only, may have refused what was asked, not who asks. */
    private synchronized void deny(Task task) {
        Lane lane = lanes.get(task.lane());
        lane.denials++;
        if (lane.fresh == 0 && lane.denials >= Math.min(DENIALS, items.size())) {
            end(Run.Stop.DENIED);
        }
    }

    private synchronized void end(Run.Stop reason) {
        stop = stop == null ? reason : stop;
        notifyAll();
    }

    /** Null when its judges would cost more than is left: the answer is kept, and judged when there is money. */
    private @Nullable ItemOutcome graded(Lane lane, Item item, StoredAnswer stored, boolean reused) {
        if (judges == null) {
            return ItemOutcome.graded(suite, item, stored, reused);
        }
        Judging judging = new Judging(judges, lane);
        ItemOutcome outcome = ItemOutcome.graded(suite.connected(judging), item, stored, reused);
        return judging.refused ? null : outcome.judgedFor(judging.paid);
    }

    /** A paid answer rests on disk before anything else happens to it. */
    private synchronized void keep(Task task, StoredAnswer stored) throws IOException {
        Lane lane = lanes.get(task.lane());
        lane.log.append(stored);
        lane.fresh++;
        lane.paid++;
        spend(lane, stored.answer().cost());
    }

    private synchronized void settled(Task task, boolean paid, @Nullable ItemOutcome outcome) {
        Lane lane = lanes.get(task.lane());
        lane.inFlight--;
        lane.met |= lane.fresh > 0 || lane.denials == 0;
        lane.paid -= paid ? 1 : 0;
        if (outcome == null) {
            notifyAll();
            return;
        }
        lane.price(outcome.worth());
        lane.failuresInARow = outcome.answer() == null ? lane.failuresInARow + 1 : 0;
        if (lane.failuresInARow >= FAILURES_IN_A_ROW && stop == null) {
            stop = Run.Stop.FAILING;
        }
        lane.take(task.position(), outcome);
        listener.onOutcome(lane.contestant, outcome);
        watch();
        notifyAll();
        listener.onProgress(progress(lane));
    }

    /** Lets every worker end: one of them has failed. */
    synchronized void abort() {
        aborted = true;
        notifyAll();
    }

    /** What was paid here, for answers that came after the end too; null when nothing, or nobody knows. */
    synchronized @Nullable Money spent() {
        return spent;
    }

    synchronized List<Run> results() {
        Instant endedAt = clock.instant();
        boolean early = stop == Run.Stop.ENOUGH;
        List<Run> runs = new ArrayList<>();
        for (Lane lane : lanes) {
            int end = early ? watched : items.size();
            List<ItemOutcome> outcomes = Arrays.stream(lane.outcomes, 0, end).filter(Objects::nonNull).toList();
            runs.add(new Run(lane.contestant.key(suite), startedAt, endedAt, stop == null ? Run.Stop.COMPLETE : stop,
                    outcomes));
        }
        return runs;
    }

    /**
     * In a comparison one slow item must not let the others run on: a monitor may be about to end it, and both models should
     * meet the same hour.
     */
    private boolean tooFarAhead(int position) {
        return lanes.size() == 2 && position >= watched + 2 * settings.concurrency();
    }

    /** Under a cap a model's first call goes alone: before its answer nobody knows what the others will cost. */
    private boolean priceUnknown(Lane lane) {
        return settings.spendCap() != null && lane.dearest == null && lane.inFlight > 0;
    }

    /** Nobody knows before its first call whether the vendor lets anybody in: it goes alone. */
    private static boolean strange(Lane lane) {
        return !lane.met && lane.inFlight > 0;
    }

    private boolean mightExceedCap(Lane next) {
        Money cap = settings.spendCap();
        if (cap == null) {
            return false;
        }
        Money worst = spent == null ? Money.zero(cap.currency()) : spent;
        for (Lane lane : lanes) {
            // what is paid and only not yet graded costs no more, unless a judge is still to be asked
            int open = judges == null ? lane.inFlight - lane.paid : lane.inFlight;
            worst = plus(worst, lane.dearest, open + (lane.equals(next) ? 1 : 0));
        }
        return worst.compareTo(cap) > 0;
    }

    /** Whether one judgement more might exceed what is left of the cap beside those under way. */
    private boolean judgementMightExceedCap(Money cap) {
        Money worst = spent == null ? Money.zero(cap.currency()) : spent;
        return plus(worst, dearestJudgement, judgementsInFlight + 1).compareTo(cap) > 0;
    }

    private static Money plus(Money sum, @Nullable Money dearest, int calls) {
        return dearest == null || !dearest.currency().equals(sum.currency())
                ? sum
                : sum.plus(new Money(dearest.amount().multiply(BigDecimal.valueOf(calls)), dearest.currency()));
    }

    /** The judges of one item, at the run's expense. */
    private final class Judging implements JudgeClient, JudgeCalls.Purse {

        private final JudgeCalls calls;
        private final Lane lane;
        private @Nullable Money paid;
        private boolean refused;

        Judging(JudgeCalls calls, Lane lane) {
            this.calls = calls;
            this.lane = lane;
        }

        @Override
        public Reply ask(ModelId judge, List<Map<String, Object>> messages, Map<String, Object> sampling)
                throws JudgeException, InterruptedException {
            try {
                return calls.ask(judge, messages, sampling, this);
            } catch (JudgeException failed) {
                if (calls.denial(judge) != null) {
                    end(Run.Stop.DENIED);
                }
                throw failed;
            }
        }

        @Override
        public void open() throws JudgeException, InterruptedException {
            synchronized (Session.this) {
                Money cap = settings.spendCap();
                // as with answers: before the first is paid nobody knows what the others will cost
                while (cap != null && dearestJudgement == null && judgementsInFlight > 0 && !aborted
                        && stop != Run.Stop.SPEND_UNKNOWN) {
                    Session.this.wait();
                }
                if (cap != null && (stop == Run.Stop.SPEND_UNKNOWN || judgementMightExceedCap(cap))) {
                    refused = true;
                    stop = stop == null ? Run.Stop.SPEND_CAP : stop;
                    Session.this.notifyAll();
                    throw new JudgeException("the spend cap leaves nothing for it");
                }
                judgementsInFlight++;
            }
        }

        @Override
        public void close(boolean answered, @Nullable Money cost) {
            synchronized (Session.this) {
                judgementsInFlight--;
                if (answered && charge(lane, cost) && cost != null) {
                    paid = paid == null ? cost : paid.plus(cost);
                    dearestJudgement = dearestJudgement == null || cost.compareTo(dearestJudgement) > 0
                            ? cost
                            : dearestJudgement;
                }
                Session.this.notifyAll();
            }
        }
    }

    private void spend(Lane lane, @Nullable Money cost) {
        if (charge(lane, cost)) {
            lane.price(cost);
        }
    }

    /** @return whether it could be added up; under a cap a cost that nobody knows ends the run */
    private boolean charge(Lane lane, @Nullable Money cost) {
        Money cap = settings.spendCap();
        Money known = spent;
        String currency = cap != null ? cap.currency() : known == null ? null : known.currency();
        if (cost == null || (currency != null && !cost.currency().equals(currency))) {
            lane.costUnknown = true;
            if (cap != null && stop == null) {
                stop = Run.Stop.SPEND_UNKNOWN;
            }
            return false;
        }
        lane.spent = lane.spent == null ? cost : lane.spent.plus(cost);
        spent = known == null ? cost : known.plus(cost);
        return true;
    }

    /** Shows finished pairs to the monitor, in order, as far as there is no gap. */
    private void watch() {
        if (lanes.size() != 2) {
            return;
        }
        while (watched < items.size() && stop != Run.Stop.ENOUGH) {
            ItemOutcome candidate = lanes.get(0).outcomes[watched];
            ItemOutcome incumbent = lanes.get(1).outcomes[watched];
            if (candidate == null || incumbent == null) {
                return;
            }
            watched++;
            if (monitor.enough(candidate, incumbent)) {
                stop = Run.Stop.ENOUGH;
            }
        }
    }

    private RunListener.Progress progress(Lane lane) {
        Duration elapsed = Duration.between(startedAt, clock.instant());
        Duration remaining = lane.fresh == 0
                ? null
                : elapsed.multipliedBy(items.size() - lane.done).dividedBy(lane.fresh);
        return new RunListener.Progress(lane.contestant.model(), lane.done, items.size(), lane.reused, lane.errors,
                lane.scored == 0 ? null : (Double) (lane.sum / lane.scored), lane.costUnknown ? null : lane.spent,
                elapsed, remaining, monitor.progress());
    }

    /** One model's side. */
    private static final class Lane {

        private final Contestant contestant;
        private final RunStore.Log log;
        private final @Nullable ItemOutcome[] outcomes;
        private @Nullable Money spent;
        private boolean costUnknown;
        private double sum;
        private int scored;
        private int done;
        private int fresh;
        private int reused;
        private int errors;
        private int failuresInARow;
        private int denials;
        private int inFlight;
        /** Whether a call of it has ended, and not because who asks was refused. */
        private boolean met;
        /** Of those in flight, whose answers are paid. */
        private int paid;
        private @Nullable Money dearest;

        Lane(Contestant contestant, RunStore.Log log, int size) {
            this.contestant = contestant;
            this.log = log;
            this.outcomes = new @Nullable ItemOutcome[size];
        }

        void price(@Nullable Money cost) {
            if (cost != null && (dearest == null || (cost.currency().equals(dearest.currency())
                    && cost.compareTo(dearest) > 0))) {
                dearest = cost;
            }
        }

        void take(int position, ItemOutcome outcome) {
            outcomes[position] = outcome;
            done++;
            reused += outcome.reused() ? 1 : 0;
            errors += outcome.answer() == null ? 1 : 0;
            Double score = outcome.score();
            if (score != null) {
                sum += score;
                scored++;
            }
        }
    }
}
