package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.TokenLogprob;
import dev.pareto.engine.text.chat.answer.AnswerEvent;
import dev.pareto.engine.text.chat.answer.ToolCall;
import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.OpenAiError;

import reactor.core.publisher.MonoSink;

/** Collects answers and tells all, or the likeliest of them, in one piece. */
final class GatheredChoices implements ChatListener {

    private final AnswerWriter writer;
    private final LocalRequest request;
    private final Function<EngineException, OpenAiError> words;
    private final MonoSink<UpstreamAnswer> sink;
    private final List<Gathered> all;

    /** @param words what the caller is told of a failure */
    GatheredChoices(AnswerWriter writer, LocalRequest request, Function<EngineException, OpenAiError> words,
            MonoSink<UpstreamAnswer> sink) {
        this.writer = writer;
        this.request = request;
        this.words = words;
        this.sink = sink;
        this.all = Stream.generate(Gathered::new).limit(request.candidates()).toList();
    }

    private static final class Gathered {

        private final StringBuilder text = new StringBuilder();
        private final List<TokenLogprob> logprobs = new ArrayList<>();
        private final StringBuilder reasoning = new StringBuilder();
        private final List<ToolCall> calls = new ArrayList<>();
        private String reason = "stop";

        /** The mean log-probability of a token; an answer without tokens comes last. */
        private double likelihood() {
            return logprobs.stream().mapToDouble(TokenLogprob::logprob).average().orElse(Double.NEGATIVE_INFINITY);
        }
    }

    @Override
    public void text(int index, TextDelta delta) {
        all.get(index).text.append(delta.text());
        all.get(index).logprobs.addAll(delta.logprobs());
    }

    @Override
    public void reasoning(int index, String text) {
        all.get(index).reasoning.append(text);
    }

    @Override
    public void call(int index, AnswerEvent.CallStart call) {
        all.get(index).calls.add(new ToolCall(call.index(), call.id(), call.name(), ""));
    }

    @Override
    public void arguments(int index, AnswerEvent.CallArguments more) {
        ToolCall last = all.get(index).calls.removeLast();
        all.get(index).calls.add(new ToolCall(last.index(), last.id(), last.name(), last.arguments() + more.json()));
    }

    @Override
    public void end(int index, String reason) {
        all.get(index).reason = reason;
    }

    @Override
    public void complete(AnswerWriter.Tokens tokens) {
        List<AnswerWriter.Choice> told = told().map(
                one -> new AnswerWriter.Choice(one.text.toString(),
                        one.reasoning.isEmpty() ? null : one.reasoning.toString(), one.calls,
                        request.topLogprobs() == null ? null : one.logprobs,
                        one.reason))
                .toList();
        sink.success(LocalUpstream.json(200, writer.whole(told, tokens)));
    }

    private Stream<Gathered> told() {
        return request.chooses()
                ? all.stream()
                        .sorted(Comparator.comparingDouble(Gathered::likelihood).reversed())
                        .limit(request.answers())
                : all.stream();
    }

    @Override
    public void late() {
        sink.error(LocalUpstream.timeIsUp());
    }

    @Override
    public void failed(EngineException failure) {
        sink.success(LocalUpstream.refusal(words.apply(failure)));
    }
}
