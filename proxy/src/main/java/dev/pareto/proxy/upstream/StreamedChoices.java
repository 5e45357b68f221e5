package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.text.chat.answer.AnswerEvent;
import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.upstream.UpstreamException.Kind;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Passes text on as it comes. For a slow reader only so many events are kept: then the thread that tells of more waits, which is
 * never the one that computes, and the model pauses the answer in its turn.
 */
final class StreamedChoices implements ChatListener {

    /** Events that nobody has taken yet. */
    static final int MOST_UNREAD = 256;
    /** So many that none is waited for any more. */
    private static final int NO_BOUND = 1 << 30;

    private final AnswerWriter writer;
    private final boolean logprobs;
    private final Function<EngineException, OpenAiError> words;
    private final Sinks.Many<byte[]> events = Sinks.many().unicast().onBackpressureBuffer();
    private final Semaphore room = new Semaphore(MOST_UNREAD);
    private final BitSet opened = new BitSet();
    private final Duration limit;
    private boolean abandoned;

    /**
     * @param words what the caller is told of a failure
     * @param limit the longest that a reader is waited for
     */
    StreamedChoices(AnswerWriter writer, boolean logprobs, Function<EngineException, OpenAiError> words,
            Duration limit) {
        this.limit = limit;
        this.writer = writer;
        this.logprobs = logprobs;
        this.words = words;
    }

    Flux<byte[]> events() {
        return events.asFlux().doOnNext(event -> room.release()).doFinally(end -> room.release(NO_BOUND));
    }

    /** Waits while the reader has too much to read already. That he leaves ends the wait, and so does the end of the call's time. */
    private void emit(byte[] event) {
        abandoned = abandoned || !makeRoom();
        if (!abandoned) {
            events.tryEmitNext(event);
        }
    }

    private boolean makeRoom() {
        try {
            return room.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void text(int index, TextDelta delta) {
        open(index);
        emit(writer.delta(index, delta.text(), logprobs ? delta.logprobs() : null));
    }

    @Override
    public void reasoning(int index, String text) {
        open(index);
        emit(writer.reasoning(index, text));
    }

    @Override
    public void call(int index, AnswerEvent.CallStart call) {
        open(index);
        emit(writer.call(index, call));
    }

    @Override
    public void arguments(int index, AnswerEvent.CallArguments more) {
        emit(writer.arguments(index, more));
    }

    @Override
    public void end(int index, String reason) {
        open(index);
        emit(writer.closing(index, reason));
    }

    @Override
    public void complete(AnswerWriter.Tokens tokens) {
        writer.ending(tokens).forEach(this::emit);
        if (abandoned) {
            late();
        } else {
            events.tryEmitComplete();
        }
    }

    @Override
    public void late() {
        events.tryEmitError(LocalUpstream.timeIsUp());
    }

    @Override
    public void failed(EngineException failure) {
        Kind kind = failure instanceof EngineException.Busy ? Kind.SATURATED : Kind.INCOMPLETE;
        events.tryEmitError(new UpstreamException(kind, words.apply(failure).message()));
    }

    /** The opening goes out with the first text, so that the first byte means the first token. */
    private void open(int index) {
        if (!opened.get(index)) {
            opened.set(index);
            byte[] opening = writer.opening(index);
            if (opening.length > 0) {
                emit(opening);
            }
        }
    }
}
