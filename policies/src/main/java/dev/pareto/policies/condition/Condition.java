package dev.pareto.policies.condition;

import static java.util.Objects.requireNonNull;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One compiled condition. Safe for many threads; two conditions are equal when their texts are. Evaluation is linear in the size of the
 * facts, which are bounded where they enter: regular expressions are RE2's, and nothing loops more than {@value #MOST_STEPS} times.
 */
public final class Condition {

    /** Elements that {@code exists} and its like may visit in one evaluation. */
    static final int MOST_STEPS = 1_000;

    private static final int LONGEST_REASON = 120;

    private final String text;
    private final Program program;
    private final Set<String> headers;
    private final boolean language;

    /** What a condition says of a request. */
    public sealed interface Answer {

        /** It holds. */
        record Holds() implements Answer {}

        /** It does not; asking for a tag or header that the request lacks is this. */
        record HoldsNot() implements Answer {}

        /** It could not be evaluated, e.g. a division by zero: its rule does not apply, and somebody should hear of it. */
        record Failed(String reason) implements Answer {}
    }

    private static final Answer HOLDS = new Answer.Holds();
    private static final Answer HOLDS_NOT = new Answer.HoldsNot();

    Condition(String text, Program program, Set<String> headers, boolean language) {
        this.text = requireNonNull(text, "text is null");
        this.program = requireNonNull(program, "program is null");
        this.headers = Set.copyOf(headers);
        this.language = language;
    }

    /** As it is written. */
    public String text() {
        return text;
    }

    /** The request headers that it names, in lower case. */
    public Set<String> headers() {
        return headers;
    }

    /** Whether it asks for the prompt's language. */
    public boolean language() {
        return language;
    }

    /** Never throws, whatever the facts. */
    public Answer test(ConditionFacts facts) {
        try {
            Object value = program.eval(name -> Optional.ofNullable(fact(name, facts)));
            return value instanceof Boolean holds ? holds ? HOLDS : HOLDS_NOT : failed("no yes or no");
        } catch (CelEvaluationException e) {
            return e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND ? HOLDS_NOT : failed(e.getMessage());
        } catch (RuntimeException e) {
            return failed(e.getMessage());
        }
    }

    private static Answer failed(@Nullable String message) {
        String reason = message == null ? "it failed" : message;
        return new Answer.Failed(reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON));
    }

    private static @Nullable Object fact(String name, ConditionFacts facts) {
        return switch (name) {
            case Conditions.ROUTE -> facts.route();
            case Conditions.TENANT -> facts.tenant();
            case Conditions.TAGS -> facts.tags();
            case Conditions.HEADERS -> facts.headers();
            case Conditions.TOKENS -> (long) facts.tokens();
            case Conditions.MAX_OUTPUT_TOKENS -> (long) facts.maxOutputTokens();
            case Conditions.TOOLS -> facts.tools();
            case Conditions.STREAM -> facts.stream();
            case Conditions.DATA_CLASS -> facts.dataClass();
            case Conditions.LANGUAGE -> facts.language();
            case Conditions.NOW -> facts.now();
            default -> null;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Condition condition && condition.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
