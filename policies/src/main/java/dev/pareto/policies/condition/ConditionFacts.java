package dev.pareto.policies.condition;

import java.time.Instant;
import java.util.Map;

/** What a condition may ask about one request. Answered only when it is asked, from memory; never the prompt itself. */
public interface ConditionFacts {

    String route();

    String tenant();

    Map<String, String> tags();

    /** Those that conditions name ({@link Condition#headers}), by lower-case name. */
    Map<String, String> headers();

    /** Of the prompt; an estimate. */
    int tokens();

    /** The caller's limit of the answer's tokens; 0 where there is none. */
    int maxOutputTokens();

    boolean tools();

    boolean stream();

    /** What the caller says of the data; empty where nothing is said. */
    String dataClass();

    /** An ISO 639-1 code; empty where it cannot be told. */
    String language();

    /** When the request arrived. */
    Instant now();
}
