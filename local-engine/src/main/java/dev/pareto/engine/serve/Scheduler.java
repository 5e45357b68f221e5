package dev.pareto.engine.serve;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.draft.Drafter;
import dev.pareto.engine.draft.Lookup;
import dev.pareto.engine.draft.Speculator;
import dev.pareto.engine.grammar.Constraints;
import dev.pareto.engine.model.blueprint.Pooling;
import dev.pareto.engine.sample.Logprobs;
import dev.pareto.engine.sample.Sampler;
import dev.pareto.engine.sample.Scratch;
import dev.pareto.engine.text.Tokenizer;

/**
 * Takes requests for one model from any thread and computes them on a thread of its own, the only one that ever calls
 * the model. Running and waiting requests together are bounded; beyond that {@link #submit} refuses at once.
 */
public final class Scheduler implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());
    /** How often deadlines are looked at while every sequence waits for its listener. */
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    /** Beyond this a time limit means none; nanoseconds of a sum must not overflow. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final String name;
    private final BatchModel model;
    private final Tokenizer tokenizer;
    private final EngineSettings settings;
    private final LongSupplier nanoTime;
    private final LongSupplier seeds;
    private final Executor delivery;
    private final Scratch scratch;
    private final Logprobs logprobs;
    private final Constraints constraints;
    private final Meter meter = new Meter();
    private final Caches caches;
    private final @Nullable DraftModel draft;
    private final Batcher batcher;
    private final Places places;
    private final ReentrantLock preparing = new ReentrantLock(true);
    private final ConcurrentLinkedQueue<Work> inbox = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean woken;
    private volatile boolean closed;

    /** Without a model that drafts. */
    public Scheduler(String name, BatchModel model, Tokenizer tokenizer, EngineSettings settings,
            LongSupplier nanoTime, LongSupplier seeds, Executor delivery) {
        this(name, model, null, tokenizer, settings, nanoTime, seeds, delivery);
    }

    /**
     * Makes a scheduler that computes nothing before {@link #start}.
     *
     * @param name of the model, for messages and the thread
     * @param draft a smaller model of the same vocabulary that guesses tokens; null for none. Its caches take at most
     *            {@link #draftCacheBytes} beside those that the settings allow
     * @param seeds for requests without a seed; called by any thread
     * @param delivery runs listeners and completes results; one blocked task must not block another, so a thread each is
     *            right
     */
    public Scheduler(String name, BatchModel model, @Nullable BatchModel draft, Tokenizer tokenizer,
            EngineSettings settings, LongSupplier nanoTime, LongSupplier seeds, Executor delivery) {
        this.name = name;
        this.model = model;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.seeds = seeds;
        this.delivery = delivery;
        this.scratch = new Scratch(model.vocabulary());
        this.logprobs = new Logprobs(scratch, tokenizer::bytes);
        this.constraints = new Constraints(tokenizer);
        this.caches = new Caches(model, settings.cacheBytes());
        this.draft = draft == null
                ? null
                : new DraftModel(draft, draftCacheBytes(settings.cacheBytes()), settings.prefillChunk());
        this.places = new Places(settings.maxSequences() + settings.queueLength());
        this.batcher = new Batcher(model, caches, settings, meter, nanoTime);
        this.thread = Thread.ofPlatform().daemon().name("pareto-model-" + name).unstarted(this::computeUntilClosed);
    }

    /** The most that the caches of a drafting model take beside those of the other. */
    public static long draftCacheBytes(long cacheBytes) {
        return Math.max(1, cacheBytes / 4);
    }

    /** Starts the compute thread. */
    public void start() {
        thread.start();
    }

    /**
     * Queues a request.
     *
     * @throws EngineException.Busy if as many requests as allowed run and wait
     * @throws EngineException.ContextTooLong if the prompt leaves no room for an answer even when nothing else runs
     * @throws EngineException.InvalidRequest if a token does not exist, the grammar is too ambiguous to be followed or the
     *             model only reads
     * @throws EngineException.Closed after {@link #close}
     */
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        requireWriter();
        checkTokens(request.prompt());
        int prompt = request.prompt().length;
        checkLength(prompt, 1);
        int asked = request.maxTokens() == GenerationRequest.ENGINE_DEFAULT
                ? settings.defaultMaxTokens()
                : request.maxTokens();
        int maxTokens = Math.min(asked, caches.most() - prompt);
        var seed = request.sampling().seed();
        var random = new SplittableRandom(seed == null ? seeds.getAsLong() : seed);
        var grammar = request.grammar();
        var sampler = new Sampler(request.sampling(), random, scratch, request.prompt(), tokenizer::bytes,
                grammar == null ? null : constraints.begin(grammar, request.shown()));
        var answer = new Answer(request, maxTokens, sampler, speculator(request.prompt(), maxTokens), logprobs,
                tokenizer, meter, listener, delivery, this::prepare, this::wake,
                () -> places.release(request.partition()), nanoTime.getAsLong());
        takePlace(answer.tenant());
        boolean ready = false;
        try {
            answer.makeReady();
            ready = true;
        } finally {
            if (!ready) {
                places.release(answer.tenant());
            }
        }
        queue(answer);
        return answer;
    }

    /** One at a time, so that costly grammars together take no more than one core from the model. */
    private void prepare(Runnable work) {
        delivery.execute(() -> {
            preparing.lock();
            try {
                work.run();
            } finally {
                preparing.unlock();
            }
        });
    }

    private @Nullable Speculator speculator(int[] prompt, int maxTokens) {
        var drafters = new ArrayList<Drafter>();
        if (settings.speculation().lookup()) {
            drafters.add(new Lookup(prompt.length));
        }
        if (draft != null) {
            drafters.add(draft.begin(prompt.length + maxTokens));
        }
        return drafters.isEmpty()
                ? null
                : new Speculator(prompt, drafters, settings.speculation().mostTokens(),
                        token -> token >= model.vocabulary() || tokenizer.isEndOfGeneration(token));
    }

    /** The one vector of a text. Cancelling the future stops the work. */
    public CompletableFuture<float[]> embed(int[] tokens) {
        if (model.reading().pooling() == Pooling.NONE) {
            throw new EngineException.InvalidRequest("the model " + name
                    + " gives a vector for each token and none for the text: its file asks for no pooling");
        }
        var all = embed(List.of(Passage.of(tokens)), null, settings.timeLimit());
        var one = all.thenApply(rows -> rows.getFirst()[0]);
        var _ = one.whenComplete((_, _) -> all.cancel(false));
        return one;
    }

    /**
     * Vectors of texts, as the model's file says: one of length 1 for each, pooled from its final hidden states, or without
     * pooling these states themselves. Together they take one place of the queue. Cancelling the future stops the work.
     *
     * @param tenant whose they are, for fairness; null if that is not known
     * @param limit for all together, from now
     * @throws EngineException as {@link #submit}
     */
    public CompletableFuture<List<float[][]>> embed(List<Passage> passages, @Nullable String tenant, Duration limit) {
        var pooling = model.reading().pooling();
        if (pooling == Pooling.RANK) {
            throw new EngineException.InvalidRequest("the model " + name + " ranks texts and embeds none");
        }
        return readAll(passages, tenant, pooling, pooling == Pooling.NONE ? Vectors::finite : Vectors::unit, limit);
    }

    /**
     * What the model's classifier makes of texts, one row for each; otherwise like {@link #embed(List, String, Duration)}.
     *
     * @throws EngineException.InvalidRequest also if the model does not rank
     */
    public CompletableFuture<List<float[][]>> score(List<Passage> passages, @Nullable String tenant, Duration limit) {
        var reading = model.reading();
        if (reading.pooling() != Pooling.RANK || reading.labels() == 0) {
            throw new EngineException.InvalidRequest(
                    "the model " + name + " ranks no texts: its file has no pooling of "
                            + "the type rank with a classifier");
        }
        return readAll(passages, tenant, reading.encodes() ? Pooling.CLS : Pooling.LAST,
                state -> Vectors.finite(model.classify(state)), limit);
    }

    private CompletableFuture<List<float[][]>> readAll(List<Passage> passages, @Nullable String tenant,
            Pooling pooling, Reading.Pooled.Finish finish, Duration limit) {
        if (passages.isEmpty()) {
            throw new EngineException.InvalidRequest("there are no texts; at least one is needed");
        }
        passages.forEach(passage -> checkReadable(passage.tokens()));
        takePlace(tenant);
        var place = new Place(tenant);
        long deadline = nanoTime.getAsLong() + (limit.compareTo(LONGEST) < 0 ? limit : LONGEST).toNanos();
        var result = new Bundle(passages, settings.maxSequences(), passage -> {
            place.enter();
            var reading = new Reading.Pooled(passage, tenant, pooling, finish, nanoTime.getAsLong(), deadline,
                    place::leave);
            queue(reading);
            return reading.result;
        }).start();
        var _ = result.whenComplete((_, _) -> place.leave());
        return delivered(result);
    }

    /**
     * The same result, completed where listeners run: what callers chain to it may block, or close the model, which waits for
     * the compute thread. Cancelling it cancels the work.
     */
    private <T> CompletableFuture<T> delivered(CompletableFuture<T> work) {
        var told = new CompletableFuture<T>();
        var _ = work.whenComplete((value, failure) -> {
            Runnable tell = () -> {
                var _ = failure == null ? told.complete(value) : told.completeExceptionally(failure);
            };
            try {
                delivery.execute(tell);
            } catch (RuntimeException | Error _) { // no thread to be had: better here than never
                tell.run();
            }
        });
        var _ = told.whenComplete((_, _) -> work.cancel(false)); // does nothing once that is done
        return told;
    }

    /** A place that is free again when the request and all its texts have left. */
    private final class Place {

        private final @Nullable String tenant;
        private final AtomicInteger users = new AtomicInteger(1);

        Place(@Nullable String tenant) {
            this.tenant = tenant;
        }

        void enter() {
            users.incrementAndGet();
        }

        void leave() {
            if (users.decrementAndGet() == 0) {
                places.release(tenant);
            }
        }
    }

    /** The logits after the tokens at these positions, in their order. Cancelling the future stops the work. */
    public CompletableFuture<float[][]> logits(int[] tokens, int[] positions) {
        requireWriter();
        checkReadable(tokens);
        for (int position : positions) {
            if (position < 0 || position >= tokens.length) {
                throw new EngineException.InvalidRequest("position " + position + " is not within the "
                        + tokens.length + " tokens");
            }
        }
        long now = nanoTime.getAsLong();
        return read(new Reading.Rows(tokens.clone(), positions.clone(), now, now + settings.timeLimit().toNanos(),
                () -> places.release(null)));
    }

    /** How busy the model is. */
    public EngineLoad load() {
        var pages = caches.pages();
        return meter.snapshot(places.free(),
                new EngineLoad.Pages(pages.total(), pages.inUse(), pages.promised(), pages.idle()),
                caches.reservedBytes() + (draft == null ? 0 : draft.reservedBytes()));
    }

    /** Ends every request with {@link EngineException.Closed} and waits for the step that is being computed. */
    @Override
    public void close() {
        closed = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true; // the map under the weights goes next: leaving early would crash the step
            }
        }
        failInbox();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round of the compute thread; false if there was nothing to compute. */
    boolean runOnce() {
        for (var work = inbox.poll(); work != null; work = inbox.poll()) {
            batcher.add(work);
        }
        return batcher.step();
    }

    private void computeUntilClosed() {
        while (!closed) {
            try {
                if (!runOnce()) {
                    rest();
                }
            } catch (Throwable t) { // a fault of ours: requests hear of it, the model goes on
                LOG.log(Level.ERROR, "the scheduler of " + name + " failed", t);
                batcher.failAll(new EngineException.ComputationFailed("the scheduler failed: " + t, t));
            }
        }
        batcher.failAll(new EngineException.Closed(name));
        failInbox();
    }

    private void rest() {
        while (!woken && !closed) {
            if (batcher.idle()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, PAUSE_NANOS);
                break;
            }
        }
        woken = false;
    }

    private void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    private <T> CompletableFuture<T> read(Reading<T> reading) {
        enqueue(reading);
        return delivered(reading.result);
    }

    private void enqueue(Work work) {
        takePlace(work.tenant());
        queue(work);
    }

    /** @throws EngineException.Busy if as many requests as allowed run and wait, of all or of this tenant */
    private void takePlace(@Nullable String tenant) {
        if (closed) {
            throw new EngineException.Closed(name);
        }
        var refusal = places.take(tenant);
        if (refusal != null) {
            meter.refused();
            throw switch (refusal) {
                case ALL_TAKEN -> EngineException.Busy.full(meter.running(), meter.waiting());
                case SHARE_TAKEN -> EngineException.Busy.share(meter.running(), meter.waiting());
            };
        }
        meter.accepted();
    }

    private void queue(Work work) {
        meter.queued();
        inbox.add(work);
        wake();
        if (closed && !thread.isAlive()) {
            failInbox();
        }
    }

    private void failInbox() {
        for (var work = inbox.poll(); work != null; work = inbox.poll()) {
            work.fail(new EngineException.Closed(name));
        }
    }

    private void requireWriter() {
        if (model.reading().encodes()) {
            throw new EngineException.InvalidRequest("the model " + name
                    + " only reads: it embeds or ranks texts and writes none");
        }
    }

    private void checkReadable(int[] tokens) {
        if (tokens.length == 0) {
            throw new EngineException.InvalidRequest("there are no tokens; at least one is needed");
        }
        checkTokens(tokens);
        checkLength(tokens.length, 0);
    }

    private void checkTokens(int[] tokens) {
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= model.vocabulary()) {
                throw new EngineException.InvalidRequest("token " + tokens[i] + " at position " + i
                        + " does not exist; tokens are 0 to " + (model.vocabulary() - 1));
            }
        }
    }

    private void checkLength(int prompt, int leastAnswer) {
        int limit = caches.most();
        String reason = limit == model.contextLength()
                ? "the context length of " + name
                : "what the memory set aside for caches holds; the context length of " + name + " is "
                        + model.contextLength();
        if (prompt > limit - leastAnswer) {
            throw new EngineException.ContextTooLong(prompt, limit, reason);
        }
    }
}
