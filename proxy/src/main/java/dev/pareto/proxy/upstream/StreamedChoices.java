package dev.pareto.proxy.upstream;

import java.util.BitSet;
import java.util.function.Function;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.text.chat.answer.AnswerEvent;
import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.upstream.UpstreamException.Kind;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Passes text on as it comes. A slow reader's events wait, at most as many as the answers may have tokens. */
final class StreamedChoices implements ChatListener {

    private final AnswerWriter writer;
    private final boolean logprobs;
    private final Function<EngineException, OpenAiError> words;
    private final Sinks.Many<byte[]> events = Sinks.many().unicast().onBackpressureBuffer();
    private final BitSet opened = new BitSet();

    /** @param words what the caller is told of a failure */
    StreamedChoices(AnswerWriter writer, boolean logprobs, Function<EngineException, OpenAiError> words) {
        this.writer = writer;
        this.logprobs = logprobs;
        this.words = words;
    }

    Flux<byte[]> events() {
        return events.asFlux();
    }

    @Override
    public void text(int index, TextDelta delta) {
        open(index);
        events.tryEmitNext(writer.delta(index, delta.text(), logprobs ? delta.logprobs() : null));
    }

    @Override
    public void reasoning(int index, String text) {
        open(index);
        events.tryEmitNext(writer.reasoning(index, text));
    }

    @Override
    public void call(int index, AnswerEvent.CallStart call) {
        open(index);
        events.tryEmitNext(writer.call(index, call));
    }

    @Override
    public void arguments(int index, AnswerEvent.CallArguments more) {
        events.tryEmitNext(writer.arguments(index, more));
    }

    @Override
    public void end(int index, String reason) {
        open(index);
        events.tryEmitNext(writer.closing(index, reason));
    }

    @Override
    public void complete(AnswerWriter.Tokens tokens) {
        writer.ending(tokens).forEach(events::tryEmitNext);
        events.tryEmitComplete();
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
                events.tryEmitNext(opening);
            }
        }
    }
}
