package dev.pareto.engine.serve;

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
    private final Logprobs logprobs;
    private final Tokenizer tokenizer;
    private final Meter meter;
    private final Runnable wake;
    private final AnswerText text;
    private final Mailbox mailbox;
    private final long deadlineNanos;

    private int drawn;
    private int last;
    private @Nullable Long startedNanos;
    private @Nullable Long firstTokenNanos;

    /**
     * @param maxTokens already resolved against the engine's default and the room in the context
     * @param wake tells the compute thread that something changed
     */
    Answer(GenerationRequest request, int maxTokens, Sampler sampler, Logprobs logprobs, Tokenizer tokenizer,
            Meter meter, GenerationListener listener, Executor delivery, Runnable wake, Runnable onEnd, long nowNanos) {
        super(request.prompt(), nowNanos, onEnd);
        this.request = request;
        this.maxTokens = maxTokens;
        this.sampler = sampler;
        this.logprobs = logprobs;
        this.tokenizer = tokenizer;
        this.meter = meter;
        this.wake = wake;
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
    boolean paused() {
        return mailbox.full();
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
    int nextToken() {
        return last;
    }

    @Override
    void start(Lease granted, long nowNanos) {
        super.start(granted, nowNanos);
        startedNanos = nowNanos;
    }

    @Override
    int accept(BatchModel.Rows rows, long nowNanos) {
        if (rows.count() == 0) {
            return 0;
        }
        last = sampler.next(rows.values(), rows.offset());
        drawn++;
        if (firstTokenNanos == null) {
            firstTokenNanos = nowNanos;
            meter.firstToken(nowNanos - submittedNanos);
        }
        if (tokenizer.isEndOfGeneration(last)) {
            finish(FinishReason.STOP, nowNanos);
            return 1;
        }
        var asked = request.topLogprobs();
        put(text.accept(tokenizer.bytes(last),
                asked == null ? null : logprobs.of(rows.values(), rows.offset(), last, asked)));
        if (text.stopText() != null || sampler.finished()) {
            finish(FinishReason.STOP, nowNanos);
        } else if (drawn == maxTokens) {
            finish(FinishReason.LENGTH, nowNanos);
        }
        return 1;
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
