package dev.pareto.proxy.upstream;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.pareto.engine.ChatPrompt;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.text.chat.answer.AnswerFormat.Family;
import dev.pareto.engine.text.chat.answer.AnswerParser;
import dev.pareto.engine.text.chat.answer.AnswerSettings;
import dev.pareto.engine.text.chat.answer.Lead;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.upstream.Grammars.ChatAnswer;
import dev.pareto.proxy.upstream.Grammars.Recipe;
import dev.pareto.proxy.upstream.Grammars.Source;

import org.jspecify.annotations.Nullable;

/**
 * A chat as one model takes it: its prompt, and how its answers are to be read.
 *
 * @param forced what the answer must match where it must be a call; null if the model chooses
 * @param thinks whether the model may think before it follows a format
 */
record LocalChat(LoadedModel model, LocalTools tools, ChatPrompt prompt, @Nullable LocalFormat forced, boolean thinks,
        RandomGenerator random) {

    private static final String ID_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 24;
    /** Mistral's templates refuse other ids when they come back. */
    private static final int MISTRAL_ID_LENGTH = 9;

    /**
     * @throws RefusedException if the model's template cannot do what the request asks for
     * @throws EngineException if it refuses the conversation
     */
    static LocalChat of(LoadedModel model, LocalRequest request, RandomGenerator random) {
        var tools = request.tools();
        var traits = model.traits();
        if (traits != null) {
            tools.requireKnown(traits, request.messages());
        }
        var prompt = model.chat(request.messages(), tools.offered(), request.reasoning().variables(traits),
                tools.forced());
        return new LocalChat(model, tools, prompt, tools.grammar(prompt.format()),
                !"none".equals(request.reasoning().effort()), random);
    }

    /** What an answer must match as a whole that follows a format, unless it calls a tool of its own choice. */
    Recipe whole(Source wanted) {
        var format = prompt.format();
        var lead = thinks ? format.lead(prompt.open()) : format.lead(prompt.open()).withoutReasoning();
        var calls = tools.calls(format);
        boolean several = tools.parallel() && (format.family() == Family.HERMES || format.family() == Family.XML);
        return lead.equals(Lead.NONE) && calls.isEmpty()
                ? wanted
                : new ChatAnswer(lead, wanted, calls, several, format.markers(!calls.isEmpty()));
    }

    /** The same requests, with the markers of calls and reasoning in their text. */
    List<GenerationRequest> marked(List<GenerationRequest> requests) {
        return prompt.markers().isEmpty()
                ? requests
                : requests.stream().map(request -> request.withShown(prompt.markers())).toList();
    }

    /**
     * A listener that reads the answers for another.
     *
     * @param streamed whether arguments of calls are told while they come
     */
    ChoiceListener reading(ChatListener told, boolean streamed) {
        Supplier<AnswerParser> parsers = () -> {
            var settings = new AnswerSettings(prompt.format(), prompt.open(), tools.schemas(), streamed, this::id);
            var call = tools.forced();
            return call == null ? AnswerParser.of(settings) : AnswerParser.forced(settings, call.tool());
        };
        return new ReadChoices(told, parsers, tools.parallel(), text -> model.tokenizer().encode(text, false).length);
    }

    private String id() {
        boolean mistral = prompt.format().family() == Family.MISTRAL;
        StringBuilder id = new StringBuilder(mistral ? "" : "call_");
        for (int i = mistral ? MISTRAL_ID_LENGTH : ID_LENGTH; i > 0; i--) {
            id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
        }
        return id.toString();
    }
}
