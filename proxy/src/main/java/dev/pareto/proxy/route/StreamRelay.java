package dev.pareto.proxy.route;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import dev.pareto.policies.price.Cost;
import dev.pareto.proxy.cache.AnswerCache;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.StreamWatch;
import dev.pareto.proxy.upstream.Answered;
import dev.pareto.proxy.upstream.Drains;
import dev.pareto.proxy.upstream.UpstreamException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * One stream on its way to the caller, watched, and its attempt closed when it ends in whatever way. A stream that breaks off
 * ends with an error event and without {@code [DONE]}: it is never passed off as whole.
 */
final class StreamRelay {

    private final Answered.Live live;
    private final StreamWatch watch;
    private final @Nullable ByteArrayOutputStream kept;
    private final BiConsumer<byte[], @Nullable Cost> keep;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final @Nullable Drains drains;
    private volatile boolean readOn;
    private volatile boolean left;
    private @Nullable OpenAiError broken;

    /** A stream that ends when its caller leaves. */
    StreamRelay(Answered.Live live, boolean record, BiConsumer<byte[], @Nullable Cost> keep) {
        this(live, null, record, keep);
    }

    /**
     * @param drains reads on when the caller leaves; null for nobody
     * @param record whether the bytes are to be kept
     * @param keep gets a whole stream's bytes, at the size that the cache takes, and its cost
     */
    StreamRelay(Answered.Live live, @Nullable Drains drains, boolean record,
            BiConsumer<byte[], @Nullable Cost> keep) {
        this.live = live;
        this.drains = drains;
        this.watch = new StreamWatch(live.usageAdded(), live.logprobsAdded());
        this.kept = record ? new ByteArrayOutputStream() : null;
        this.keep = keep;
    }

    /** May be subscribed to once. */
    Flux<byte[]> body() {
        return source().map(watch::pass)
                .concatWith(Mono.defer(this::atEnd))
                .onErrorResume(this::atBreak)
                .filter(part -> part.length > 0)
                .doOnNext(this::record)
                // before the caller learns of the end: who asks again at once must find the answer kept
                .doOnComplete(() -> close(SignalType.ON_COMPLETE))
                .doFinally(this::close);
    }

    private void readOn() {
        readOn = !watch.done();
        left = readOn;
    }

    private Flux<byte[]> source() {
        return drains == null
                ? live.body()
                : drains.outliving(live.body(), this::readOn, watch::pass, () -> {
                    watch.end();
                    readOn = false;
                    close(SignalType.CANCEL);
                });
    }

    /** Whether it broke off or told an error; known at the end. */
    boolean broken() {
        return broken != null || watch.observed().error();
    }

    /** Whether it had come to its end when the caller left. */
    boolean done() {
        return watch.done();
    }

    /** What was seen of it. */
    Observed observed() {
        return watch.observed();
    }

    /** Its bytes; null when they were not recorded or are too many. */
    byte @Nullable [] recorded() {
        return kept == null || kept.size() > AnswerCache.MAX_ANSWER_BYTES ? null : kept.toByteArray();
    }

    private Mono<byte[]> atEnd() {
        byte[] rest = watch.end();
        if (watch.observed().complete() || watch.observed().error()) {
            return Mono.just(rest);
        }
        return Mono.error(new UpstreamException(UpstreamException.Kind.INCOMPLETE,
                "The vendor's stream ended without saying that it is complete; the answer is not whole."));
    }

    private Mono<byte[]> atBreak(Throwable failure) {
        if (watch.done()) {
            return Mono.empty();
        }
        OpenAiError error = switch (failure) {
            case UpstreamException upstream -> upstream.error();
            case RefusedException refused -> refused.error();
            default -> OpenAiError.internal();
        };
        broken = error;
        return Mono.just(error.event());
    }

    private void record(byte[] part) {
        if (kept != null && kept.size() <= AnswerCache.MAX_ANSWER_BYTES) {
            kept.write(part, 0, part.length);
        }
    }

    private void close(SignalType end) {
        if (readOn || !closed.compareAndSet(false, true)) {
            return; // whoever reads on closes it at the end
        }
        OpenAiError error = broken;
        if (error != null) {
            live.attempt().fail(live.status(), watch.observed(), true, error.code());
        } else if (end == SignalType.CANCEL && (!watch.done() || left)) {
            live.attempt().abort(live.status(), watch.observed());
        } else if (watch.observed().error()) {
            live.attempt().fail(live.status(), watch.observed(), true, "upstream_stream_error");
        } else {
            Cost cost = live.attempt().settle(live.status(), watch.observed());
            if (kept != null && kept.size() <= AnswerCache.MAX_ANSWER_BYTES) {
                keep.accept(kept.toByteArray(), cost);
            }
        }
    }
}
