package dev.pareto.proxy.dialect.openai;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonToken;

/** Refusals of single fields in OpenAI's words and codes, so that a client takes them as it takes OpenAI's own. */
public final class WrongField {

    private static final int MOST_QUOTED = 100;

    private WrongField() {}

    /** @param expected with its article: {@code a string}, {@code one of a string or array} */
    public static RefusedException type(String field, String expected, @Nullable JsonToken got) {
        return of("invalid_type",
                "Invalid type for '" + field + "': expected " + expected + ", but got " + kind(got) + " instead.",
                field);
    }

    public static RefusedException missing(String field) {
        return of("missing_required_parameter", "Missing required parameter: '" + field + "'.", field);
    }

    public static RefusedException unknown(String field) {
        return of("unknown_parameter", "Unknown parameter: '" + shorten(field) + "'.", shorten(field));
    }

    /** @param kind {@code integer} or {@code decimal} */
    public static RefusedException below(String field, String kind, String least, String got) {
        return of(kind + "_below_min_value",
                "Invalid '" + field + "': " + kind + " below minimum value. Expected a value >= "
                        + least + ", but got " + shorten(got) + " instead.",
                field);
    }

    /** @param kind {@code integer} or {@code decimal} */
    public static RefusedException above(String field, String kind, String most, String got) {
        return of(kind + "_above_max_value",
                "Invalid '" + field + "': " + kind + " above maximum value. Expected a value <= "
                        + most + ", but got " + shorten(got) + " instead.",
                field);
    }

    public static RefusedException noneOf(String field, String got, List<String> supported) {
        return of("invalid_value", "Invalid value: '" + shorten(got) + "'. Supported values are: "
                + supported.stream().map(value -> "'" + value + "'").collect(Collectors.joining(", ")) + ".", field);
    }

    /** @param why says in a sentence what is wrong */
    public static RefusedException of(String code, String why, String field) {
        return new RefusedException(OpenAiError.badRequest(code, why, field));
    }

    private static String kind(@Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a decimal";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case null, default -> "nothing";
        };
    }

    private static String shorten(String text) {
        return text.length() <= MOST_QUOTED ? text : text.substring(0, MOST_QUOTED) + "…";
    }
}
