package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.engine.text.chat.answer.Lead;
import dev.pareto.proxy.dialect.openai.Json;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Compiles grammars, few at a time, and keeps the latest by what they were written as: equal requests share one. The engine
 * bounds the work of each. Thread-safe; blocks, so no event loop may call it.
 */
final class Grammars {

    /** Of all that are kept together: some tens of megabytes. */
    private static final long MAX_STATES = 250_000;
    private static final int CHARACTERS_PER_STATE = 50;
    private static final String BEHIND_THOUGHT = "\\n{0,2}";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** How a grammar is written. */
    enum Notation {
        GBNF, REGEX, JSON_SCHEMA
    }

    /** A grammar that is not compiled yet. */
    sealed interface Recipe permits Source, ChatAnswer {

        /** How long it is. */
        long characters();
    }

    /** One that somebody wrote. */
    record Source(Notation notation, String text) implements Recipe {

        @Override
        public long characters() {
            return text.length();
        }
    }

    /**
     * What an answer of a chat must match as a whole, where the request asks for more than text.
     *
     * @param lead what comes before it
     * @param wanted what the request asks for
     * @param calls that may stand in its place
     * @param several whether these may follow one another, each on a line
     * @param markers the parts of all these texts that may be control tokens
     */
    record ChatAnswer(Lead lead, Source wanted, List<Call> calls, boolean several,
            List<String> markers) implements Recipe {

        ChatAnswer {
            calls = List.copyOf(calls);
            markers = List.copyOf(markers);
        }

        @Override
        public long characters() {
            return wanted.characters() + calls.stream().mapToLong(call -> call.arguments.characters()).sum();
        }
    }

    /** The call of one tool: its arguments, and what stands in front of them and behind. */
    record Call(String opens, Source arguments, String closes) {}

    private final Cache<Recipe, Grammar> compiled = Caffeine.newBuilder()
            .maximumWeight(MAX_STATES)
            .<Recipe, Grammar>weigher((recipe, grammar) -> (int) Math.min(Integer.MAX_VALUE,
                    grammar.states() + recipe.characters() / CHARACTERS_PER_STATE))
            .executor(Runnable::run)
            .build();
    private final Semaphore places;

    /** @param atOnce how many may be compiled at the same time */
    Grammars(int atOnce) {
        this.places = new Semaphore(atOnce, true);
    }

    /**
     * The grammar that a recipe makes.
     *
     * @throws EngineException.InvalidRequest with what is wrong and where
     * @throws EngineException.Busy if too many others are being compiled
     */
    Grammar get(Recipe source) {
        Grammar known = compiled.getIfPresent(source);
        if (known != null) {
            return known;
        }
        take();
        try {
            return compiled.get(source, Grammars::compile);
        } catch (StackOverflowError tooDeep) {
            throw new EngineException.InvalidRequest("the grammar is nested too deeply; make its rules flatter");
        } finally {
            places.release();
        }
    }

    private void take() {
        try {
            if (!places.tryAcquire(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw EngineException.Busy.waited(LONGEST_WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException.Interrupted(e);
        }
    }

    private static Grammar compile(Recipe recipe) {
        return switch (recipe) {
            case Source source -> written(source);
            case ChatAnswer answer -> {
                try {
                    yield answer(answer, Grammars::arguments);
                } catch (EngineException.InvalidRequest tooLarge) {
                    yield answer(answer, any -> Grammar.jsonObject());
                }
            }
        };
    }

    private static Grammar answer(ChatAnswer answer, Function<Source, Grammar> arguments) {
        Grammar whole = written(answer.wanted);
        if (!answer.lead.headers().equals(Lead.NONE.headers())) {
            whole = Grammar.sequence(List.of(Grammar.anyOf(
                    answer.lead.headers().stream().map(header -> Grammar.text(header, answer.markers)).toList()),
                    whole));
        }
        if (!answer.calls.isEmpty()) {
            Grammar call = Grammar.anyOf(answer.calls.stream()
                    .map(one -> Grammar.sequence(List.of(Grammar.text(one.opens, answer.markers),
                            arguments.apply(one.arguments), Grammar.text(one.closes, answer.markers))))
                    .toList());
            whole = Grammar.anyOf(List.of(whole,
                    answer.several ? Grammar.list(call, Grammar.text("\n", List.of())) : call));
        }
        Lead.Reasoning reasoning = answer.lead.reasoning();
        if (reasoning != null) {
            Grammar thought = Grammar.sequence(List.of(Grammar.text(reasoning.opens(), answer.markers),
                    Grammar.until(reasoning.closes()), Grammar.regex(BEHIND_THOUGHT),
                    Grammar.text(reasoning.next(), answer.markers)));
            whole = Grammar.sequence(List.of(reasoning.optional() ? Grammar.optional(thought) : thought, whole));
        }
        whole.states(); // compiles it
        return whole;
    }

    /** A call that nobody asked for need not follow its tool's schema where no grammar can. */
    private static Grammar arguments(Source schema) {
        try {
            return written(schema);
        } catch (EngineException.InvalidRequest none) {
            return Grammar.jsonObject();
        }
    }

    private static Grammar written(Source source) {
        return switch (source.notation()) {
            case GBNF -> Grammar.gbnf(source.text());
            case REGEX -> Grammar.regex(source.text());
            case JSON_SCHEMA -> Grammar.jsonSchema(Json.mapper().readValue(source.text(), Object.class));
        };
    }
}
