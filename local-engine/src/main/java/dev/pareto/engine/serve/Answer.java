package dev.pareto.engine.serve;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.Timings;
import dev.pareto.engine.draft.Speculator;
import dev.pareto.engine.sample.Logprobs;
import dev.pareto.engine.sample.Sampler;
import dev.pareto.engine.serve.BatchModel.Output;
import dev.pareto.engine.text.Tokenizer;

/** A sequence that is continued token by token. */
final class Answer extends Work implements Generation {

    /** Beyond this a time limit means none; nanoseconds of a sum must not overflow. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final GenerationRequest request;
    private final int maxTokens;
    private final Sampler sampler;
    private final @Nullable Speculator speculator;
    private final Logprobs logprobs;
    private final Tokenizer tokenizer;
    private final Meter meter;
    private final Runnable wake;
    private final Executor preparation;
    private final AnswerText text;
    private final Mailbox mailbox;
    private final long deadlineNanos;

    /** From when the next draw turned out to need preparation until the compute thread has seen the outcome. */
    private boolean unready;
    private volatile boolean preparing;
    private volatile @Nullable EngineException unprepared;
    private int drawn;
    private int last;
    private int[] guesses = {};
    private @Nullable Long startedNanos;
    private @Nullable Long firstTokenNanos;

    /**
     * @param maxTokens already resolved against the engine's default and the room in the context
     * @param speculator guesses for this answer; null for no guesses
     * @param preparation runs what takes too long for the compute thread
     * @param wake tells the compute thread that something changed
     */
    Answer(GenerationRequest request, int maxTokens, Sampler sampler, @Nullable Speculator speculator,
            Logprobs logprobs, Tokenizer tokenizer, Meter meter, GenerationListener listener, Executor delivery,
            Executor preparation, Runnable wake, Runnable onEnd, long nowNanos) {
        super(request.prompt(), nowNanos, onEnd);
        this.request = request;
        this.maxTokens = maxTokens;
        this.sampler = sampler;
        this.speculator = speculator;
        this.logprobs = logprobs;
        this.tokenizer = tokenizer;
        this.meter = meter;
        this.wake = wake;
        this.preparation = preparation;
        this.text = new AnswerText(request.stop());
        this.mailbox = new Mailbox(listener, delivery, wake, this::cancel);
        var limit = request.timeLimit();
        this.deadlineNanos = nowNanos + (limit.compareTo(LONGEST) < 0 ? limit : LONGEST).toNanos();
    }

    @Override
    public void cancel() {
        giveUp();
        wake.run();
    }

    @Override
    public CompletableFuture<GenerationResult> done() {
        return mailbox.done();
    }

    @Override
    int capacity() {
        return prompt.length + maxTokens;
    }

    @Override
    @Nullable
    String partition() {
        return request.partition();
    }

    @Override
    @Nullable
    String tenant() {
        return request.partition();
    }

    @Override
    boolean paused() {
        return mailbox.full();
    }

    @Override
    boolean unready() {
        return unready;
    }

    /**
     * Sees to it that the next token can be drawn at once; until then nothing is computed. Called before the request is
     * queued and by the compute thread.
     *
     * @throws EngineException if nothing can be drawn
     */
    void makeReady() {
        if (sampler.ready()) {
            return;
        }
        unready = true;
        preparing = true;
        try {
            preparation.execute(this::prepare);
        } catch (RuntimeException | Error e) { // no thread to be had
            preparing = false;
            throw new EngineException.ComputationFailed("the next token cannot be prepared: " + e, e);
        }
    }

    private void prepare() {
        try {
            sampler.prepare();
        } catch (EngineException e) {
            unprepared = e;
        } catch (RuntimeException | Error e) { // ends this request and nothing else
            unprepared = new EngineException.ComputationFailed("the next token cannot be prepared: " + e, e);
        } finally {
            preparing = false;
            wake.run();
        }
    }

    @Override
    void resume(long nowNanos) {
        if (!unready || preparing) {
            return;
        }
        unready = false;
        var failure = unprepared;
        if (failure != null) {
            fail(failure);
        } else if (drawn > 0) {
            finishIfComplete(nowNanos);
        }
    }

    @Override
    long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    Output output(boolean lastOfPrompt) {
        return lastOfPrompt ? Output.LOGITS : Output.NONE;
    }

    @Override
    int longestSlice() {
        return Integer.MAX_VALUE;
    }

    @Override
    int[] nextTokens(int mostGuesses) {
        // Of what may still be drawn the last token needs no guess.
        guesses = speculator == null ? new int[0] : speculator.draft(Math.min(mostGuesses, maxTokens - drawn - 1));
        var tokens = new int[1 + guesses.length];
        tokens[0] = last;
        System.arraycopy(guesses, 0, tokens, 1, guesses.length);
        return tokens;
    }

    @Override
    void start(Lease granted, long nowNanos) {
        super.start(granted, nowNanos);
        startedNanos = nowNanos;
    }

    /**
     * Each token is drawn as it would be alone, from the row after the tokens before it. As long as it is the one that was
     * guessed, the next row is right as well.
     */
    @Override
    int accept(BatchModel.Rows rows, long nowNanos) {
        if (rows.count() == 0) {
            return 0;
        }
        draw(rows, rows.offset(), nowNanos);
        int right = 0;
        while (right < guesses.length && guesses[right] == last && !ended() && !unready && !abandoned()) {
            right++;
            draw(rows, rows.offset() + right * rows.width(), nowNanos);
        }
        if (speculator != null && guesses.length > 0) {
            meter.guessed(guesses.length, right);
            speculator.learn(right);
            takeBack(guesses.length - right);
        }
        return right + 1;
    }

    private void draw(BatchModel.Rows rows, int offset, long nowNanos) {
        last = sampler.next(rows.values(), offset, maxTokens - drawn);
        drawn++;
        if (speculator != null) {
            speculator.add(last);
        }
        if (firstTokenNanos == null) {
            firstTokenNanos = nowNanos;
            meter.firstToken(nowNanos - submittedNanos);
        }
        if (tokenizer.isEndOfGeneration(last)) {
            finish(ownEnd(), nowNanos);
            return;
        }
        var asked = request.topLogprobs();
        put(text.accept(bytes(last),
                asked == null ? null : logprobs.of(rows.values(), offset, last, asked)));
        if (text.stopText() != null) {
            finish(FinishReason.STOP, nowNanos);
            return;
        }
        makeReady();
        if (!unready) {
            finishIfComplete(nowNanos);
        }
    }

    private void finishIfComplete(long nowNanos) {
        if (sampler.finished()) {
            finish(ownEnd(), nowNanos);
        } else if (drawn == maxTokens) {
            finish(FinishReason.LENGTH, nowNanos);
        }
    }

    /** What was brought to its end for lack of tokens was cut, however well it is formed. */
    private FinishReason ownEnd() {
        return sampler.hurried() ? FinishReason.LENGTH : FinishReason.STOP;
    }

    @Override
    void release() {
        if (speculator != null) {
            speculator.close();
        }
    }

    @Override
    void cutByTime(long nowNanos) {
        tellEnd(FinishReason.TIME_LIMIT, nowNanos);
    }

    @Override
    void tellAbandoned(long nowNanos) {
        tellEnd(FinishReason.CANCELLED, nowNanos);
    }

    @Override
    void tellFailure(EngineException failure) {
        mailbox.fail(failure);
    }

    private byte[] bytes(int token) {
        return request.shown().contains(token)
                ? tokenizer.name(token).getBytes(StandardCharsets.UTF_8)
                : tokenizer.bytes(token);
    }

    private void finish(FinishReason reason, long nowNanos) {
        end();
        tellEnd(reason, nowNanos);
    }

    private void tellEnd(FinishReason reason, long nowNanos) {
        put(text.finish());
        var timings = new Timings(since(startedNanos), since(firstTokenNanos),
                Duration.ofNanos(nowNanos - submittedNanos));
        mailbox.finish(new GenerationResult(reason, prompt.length, drawn, reused(), text.stopText(), timings));
    }

    private @Nullable Duration since(@Nullable Long nanos) {
        return nanos == null ? null : Duration.ofNanos(nanos - submittedNanos);
    }

    private void put(@Nullable TextDelta delta) {
        if (delta != null) {
            mailbox.put(delta);
        }
    }
}
