package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.grammar.Grammar;
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
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** How a grammar is written. */
    enum Notation {
        GBNF, REGEX, JSON_SCHEMA
    }

    /** A grammar that is not compiled yet. */
    record Source(Notation notation, String text) {}

    private final Cache<Source, Grammar> compiled = Caffeine.newBuilder()
            .maximumWeight(MAX_STATES)
            .<Source, Grammar>weigher(
                    (source, grammar) -> grammar.states() + source.text().length() / CHARACTERS_PER_STATE)
            .executor(Runnable::run)
            .build();
    private final Semaphore places;

    /** @param atOnce how many may be compiled at the same time */
    Grammars(int atOnce) {
        this.places = new Semaphore(atOnce, true);
    }

    /**
     * The grammar of a text.
     *
     * @throws EngineException.InvalidRequest with what is wrong and where
     * @throws EngineException.Busy if too many others are being compiled
     */
    Grammar get(Source source) {
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

    private static Grammar compile(Source source) {
        return switch (source.notation()) {
            case GBNF -> Grammar.gbnf(source.text());
            case REGEX -> Grammar.regex(source.text());
            case JSON_SCHEMA -> Grammar.jsonSchema(Json.mapper().readValue(source.text(), Object.class));
        };
    }
}
