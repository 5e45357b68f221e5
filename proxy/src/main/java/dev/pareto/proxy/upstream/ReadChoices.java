package dev.pareto.proxy.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.TokenLogprob;
import dev.pareto.engine.text.chat.answer.AnswerEvent;
import dev.pareto.engine.text.chat.answer.AnswerParser;
import dev.pareto.proxy.dialect.openai.AnswerWriter;

/**
 * Reads the answers of a chat for another listener: tells it content, reasoning and calls apart, and that an answer ended with
 * calls. Log-probabilities go out with the content; those of tokens that make no content are left out, as OpenAI does.
 */
final class ReadChoices implements ChoiceListener {

    private final ChatListener told;
    private final Supplier<AnswerParser> parsers;
    private final boolean parallel;
    private final ToLongFunction<String> counter;
    private final List<One> all = new ArrayList<>();

    /** One answer. */
    private static final class One {

        private final AnswerParser parser;
        private final List<TokenLogprob> waiting = new ArrayList<>();
        private final StringBuilder reasoning = new StringBuilder();
        private boolean calls;

        One(AnswerParser parser) {
            this.parser = parser;
        }
    }

    /**
     * @param parsers makes one for each answer
     * @param parallel whether more than the first call of an answer is told
     * @param counter how many tokens a text has
     */
    ReadChoices(ChatListener told, Supplier<AnswerParser> parsers, boolean parallel,
            ToLongFunction<String> counter) {
        this.told = told;
        this.parsers = parsers;
        this.parallel = parallel;
        this.counter = counter;
    }

    private One one(int index) {
        while (all.size() <= index) {
            all.add(new One(parsers.get()));
        }
        return all.get(index);
    }

    @Override
    public void text(int index, TextDelta delta) {
        One one = one(index);
        one.waiting.addAll(delta.logprobs());
        tell(index, one, one.parser.accept(delta.text()));
        if (!one.parser.holdsText()) {
            one.waiting.clear();
        }
    }

    private void tell(int index, One one, List<AnswerEvent> events) {
        for (AnswerEvent event : events) {
            if (event instanceof AnswerEvent.Content(String text)) {
                told.text(index, new TextDelta(text, one.waiting));
            }
            one.waiting.clear();
            switch (event) {
                case AnswerEvent.Content _ -> {
                }
                case AnswerEvent.Reasoning(String text) -> {
                    one.reasoning.append(text);
                    told.reasoning(index, text);
                }
                case AnswerEvent.CallStart call -> {
                    if (parallel || call.index() == 0) {
                        one.calls = true;
                        told.call(index, call);
                    }
                }
                case AnswerEvent.CallArguments arguments -> {
                    if (parallel || arguments.index() == 0) {
                        told.arguments(index, arguments);
                    }
                }
            }
        }
    }

    @Override
    public void end(int index, String reason) {
        One one = one(index);
        tell(index, one, one.parser.finish());
        told.end(index, one.calls && reason.equals("stop") ? "tool_calls" : reason);
    }

    @Override
    public void complete(AnswerWriter.Tokens tokens) {
        long reasoning = 0;
        for (One one : all) {
            reasoning += one.reasoning.isEmpty() ? 0 : counter.applyAsLong(one.reasoning.toString());
        }
        told.complete(tokens.withReasoning(Math.min(reasoning, tokens.completion())));
    }

    @Override
    public void late() {
        told.late();
    }

    @Override
    public void failed(EngineException failure) {
        told.failed(failure);
    }
}
