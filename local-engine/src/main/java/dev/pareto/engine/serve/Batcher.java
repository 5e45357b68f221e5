package dev.pareto.engine.serve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.LongSupplier;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.serve.BatchModel.Rows;
import dev.pareto.engine.serve.BatchModel.Slice;

/**
 * Decides what is computed together. A step takes the next token of every answer under way and, beside them, as many
 * tokens of the prompts that are being read as hold the answers up by no more than allowed, shared evenly between these
 * prompts: neither a long prompt nor a long answer holds the others up for longer than one step. Requests start in the order they came; one that waits for cache memory is not
 * overtaken. Confined to one thread.
 */
final class Batcher {

    /** Tokens from which a larger batch makes an encoder no faster. */
    private static final int WHOLE_STEP = 512;
    private static final int OLDEST_EVERY = 4;
    /** Of the longest that others wait, for readers who let them wait. */
    private static final int PATIENCE_SHARE = 4;

    private final BatchModel model;
    private final Caches caches;
    private final EngineSettings settings;
    private final Meter meter;
    private final LongSupplier nanoTime;

    private final WaitingLine waiting = new WaitingLine();
    private final List<Work> running = new ArrayList<>();
    private final PromptBudget budget;
    private final long patienceNanos;
    private int turn;
    private boolean crowded;
    private long lastNanos;
    private long lastWaitNanos;

    Batcher(BatchModel model, Caches caches, EngineSettings settings, Meter meter, LongSupplier nanoTime) {
        this.model = model;
        this.caches = caches;
        this.settings = settings;
        this.meter = meter;
        this.nanoTime = nanoTime;
        this.budget = new PromptBudget(settings.slowdown());
        this.patienceNanos = settings.maxQueueTime().dividedBy(PATIENCE_SHARE).toNanos();
    }

    void add(Work work) {
        waiting.add(work);
    }

    boolean idle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    /** Computes one batch; false if there was nothing to compute. */
    boolean step() {
        long now = nanoTime.getAsLong();
        running.forEach(work -> work.resume(now));
        running.removeIf(work -> work.endIfOver(now));
        int ended = waiting.removeIf(work -> work.endIfOver(now) || waitedTooLong(work, now));
        cutSlowReader(now);
        int started = admit(now);
        meter.state(running.size(), ended, started);
        var chosen = choose();
        if (chosen.isEmpty()) {
            meter.state(running.size(), 0, 0);
            return false;
        }
        compute(chosen, now);
        meter.state(running.size(), 0, 0);
        return true;
    }

    /** Ends everything. */
    void failAll(EngineException failure) {
        var left = waiting.takeAll();
        running.forEach(work -> work.fail(failure));
        left.forEach(work -> work.fail(failure));
        running.clear();
        meter.state(0, left.size(), 0);
    }

    private boolean waitedTooLong(Work work, long now) {
        if (now - work.submittedNanos < settings.maxQueueTime().toNanos()) {
            return false;
        }
        work.fail(EngineException.Busy.waited(settings.maxQueueTime()));
        return true;
    }

    /** While others wait, who has let his answer wait for too long altogether loses it: the one who did so longest. */
    private void cutSlowReader(long now) {
        long passed = now - lastNanos;
        lastNanos = now;
        if (!crowded) {
            return;
        }
        running.stream().filter(Work::paused).forEach(work -> work.pausedNanos += passed);
        running.stream()
                .filter(work -> work.paused() && work.pausedNanos >= patienceNanos)
                .max(Comparator.comparingLong(work -> work.pausedNanos))
                .ifPresent(slow -> {
                    slow.fail(EngineException.Busy.slowReader(Duration.ofNanos(slow.pausedNanos)));
                    running.remove(slow);
                });
    }

    private int admit(long now) {
        int started = 0;
        while (running.size() < settings.maxSequences()) {
            var work = waiting.next();
            if (work == null) {
                break;
            }
            try {
                var lease = caches.lease(work.prompt, work.capacity(), work.partition());
                if (lease == null) {
                    break;
                }
                work.start(lease, now);
                meter.reused(work.reused());
                running.add(work);
            } catch (RuntimeException | OutOfMemoryError e) {
                work.fail(new EngineException.ComputationFailed("no cache for " + work.capacity() + " tokens", e));
            }
            lastWaitNanos = now - work.submittedNanos;
            waiting.start(work);
            waiting.charge(work, work.prompt.length - work.reused(), 0);
            started++;
        }
        crowded = !waiting.isEmpty();
        meter.queueWait(crowded ? Math.max(lastWaitNanos, now - waiting.oldestNanos(now)) : 0);
        return started;
    }

    /** What this step computes: next tokens with guesses first, then a share of the prompts. */
    private List<Piece> choose() {
        var pieces = new ArrayList<Piece>();
        var reading = new ArrayList<Work>();
        int guesses = running.size() <= settings.speculation().mostRunning() ? settings.speculation().mostTokens() : 0;
        int tokens = 0;
        for (var work : running) {
            if (work.unready()) {
                continue;
            }
            if (work.promptLeft() > 0) {
                reading.add(work);
            } else if (!work.paused()) {
                tokens += add(pieces, work, guesses, false);
            }
        }
        if (model.reading().encodes()) {
            chooseWhole(reading, pieces);
            running.removeIf(Work::ended);
            return pieces;
        }
        waitForEachOther(reading);
        sort(reading);
        double crowd = (double) reading.size() / Math.max(1, pieces.size());
        int left = budget.tokens(tokens, crowd, Math.min(settings.prefillChunk(), model.maxBatch() - tokens));
        for (int i = 0; i < reading.size() && left > 0; i++) {
            var work = reading.get(i);
            int readers = reading.size() - i;
            left -= add(pieces, work, (left + readers - 1) / readers, true);
        }
        running.removeIf(Work::ended);
        return pieces;
    }

    /** Those with the least left first, but each few steps the one that began first: a short budget never starves it. */
    private void sort(List<Work> reading) {
        if (reading.size() > 1) {
            var oldest = reading.getFirst();
            reading.sort(Comparator.comparingInt(Work::promptLeft)); // stable: equals stay in the order they came
            if (++turn % OLDEST_EVERY == 0) {
                reading.remove(oldest);
                reading.addFirst(oldest);
            }
        }
    }

    /** Texts that cannot be cut: the oldest always, and what fits beside it into a step of the usual size. */
    private static void chooseWhole(List<Work> reading, List<Piece> pieces) {
        int left = WHOLE_STEP;
        for (var work : reading) {
            int length = work.promptLeft();
            if (pieces.isEmpty() || length <= left) {
                left -= add(pieces, work, length, true);
            }
        }
    }

    /** Adds a work's next tokens, of the prompt or guessed at most so many; how many there are. */
    private static int add(List<Piece> pieces, Work work, int most, boolean ofPrompt) {
        try {
            var piece = new Piece(work, work.slice(most), ofPrompt);
            pieces.add(piece);
            return piece.slice.tokens().length;
        } catch (RuntimeException | OutOfMemoryError e) {
            work.fail(new EngineException.ComputationFailed("no memory for the next tokens: " + e, e));
            return 0;
        }
    }

    /** Of prompts that go on alike one reads and the others take over: each page is computed once, even now. */
    private void waitForEachOther(List<Work> reading) {
        reading.forEach(work -> meter.reused(work.reuse()));
        if (reading.size() > 1) {
            var claimed = new HashSet<PrefixKey>();
            reading.stream().filter(Work::midPage).forEach(work -> work.claim(claimed));
            reading.removeIf(work -> !work.claim(claimed));
        }
    }

    private void compute(List<Piece> pieces, long before) {
        List<Rows> rows;
        try {
            rows = model.forward(pieces.stream().map(Piece::slice).toList());
        } catch (RuntimeException | Error e) { // one bad step must end neither the thread nor later requests
            var failure = new EngineException.ComputationFailed("the model failed: " + e, e);
            pieces.forEach(piece -> piece.work.fail(failure));
            running.removeIf(Work::ended);
            return;
        }
        long now = nanoTime.getAsLong();
        int prompt = 0;
        int all = 0;
        int drawn = 0;
        for (int i = 0; i < pieces.size(); i++) {
            var piece = pieces.get(i);
            all += piece.slice.tokens().length;
            prompt += piece.ofPrompt ? piece.slice.tokens().length : 0;
            piece.work.keep();
            int tokens = take(piece.work, rows.get(i), now);
            waiting.charge(piece.work, 0, tokens);
            drawn += tokens;
        }
        running.removeIf(Work::ended);
        budget.learn(all - prompt, prompt, now - before);
        meter.step(pieces.size(), prompt, drawn, now - before);
    }

    /** What was drawn for a request that was given up in the meantime is not told any more. */
    private int take(Work work, Rows rows, long now) {
        if (work.endIfOver(now)) {
            return 0;
        }
        try {
            return work.accept(rows, now);
        } catch (EngineException e) {
            work.fail(e);
        } catch (RuntimeException | Error e) {
            work.fail(new EngineException.ComputationFailed("a token could not be drawn: " + e, e));
        }
        return 0;
    }

    private record Piece(Work work, Slice slice, boolean ofPrompt) {}
}
