package dev.pareto.proxy.upstream;

import java.math.BigDecimal;
import java.math.BigInteger;

import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The fields of one object in a request. What has a wrong type or is out of range is refused by name, in OpenAI's words; null is
 * the same as absent.
 *
 * @param path where the object is, to be put in front of a field's name: empty, or such as {@code messages[0].}
 */
record LocalFields(JsonNode object, String path) {

    static LocalFields of(byte[] body) {
        try {
            return new LocalFields(Json.mapper().readTree(body), "");
        } catch (JacksonException wrong) {
            throw new RefusedException(
                    OpenAiError.badRequest("invalid_json", "The body is not JSON that can be read.", null));
        }
    }

    String path(String name) {
        return path + name;
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** The value, or a missing node. */
    JsonNode get(String name) {
        return has(name) ? object.path(name) : MissingNode.getInstance();
    }

    JsonNode require(String name) {
        if (!object.has(name)) {
            throw WrongField.missing(path(name));
        }
        return object.path(name);
    }

    RefusedException wrongType(String name, String expected) {
        return WrongField.type(path(name), expected, object.path(name).asToken());
    }

    @Nullable
    String text(String name) {
        if (!has(name)) {
            return null;
        }
        if (!object.path(name).isString()) {
            throw wrongType(name, "a string");
        }
        return object.path(name).asString();
    }

    boolean flag(String name) {
        if (has(name) && !object.path(name).isBoolean()) {
            throw wrongType(name, "a boolean");
        }
        return get(name).asBoolean(false);
    }

    @Nullable
    Integer integer(String name, int least, int most) {
        Long value = whole(name, least, most);
        return value == null ? null : (Integer) Math.toIntExact(value);
    }

    @Nullable
    Long whole(String name, long least, long most) {
        if (!has(name)) {
            return null;
        }
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber()) {
            throw wrongType(name, "an integer");
        }
        BigInteger number = value.bigIntegerValue();
        if (number.compareTo(BigInteger.valueOf(least)) < 0) {
            throw WrongField.below(path(name), "integer", String.valueOf(least), number.toString());
        }
        if (number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw WrongField.above(path(name), "integer", String.valueOf(most), number.toString());
        }
        return number.longValueExact();
    }

    double decimal(String name, double otherwise, double least, double most) {
        if (!has(name)) {
            return otherwise;
        }
        if (!object.path(name).isNumber()) {
            throw wrongType(name, "a decimal");
        }
        double value = object.path(name).doubleValue();
        if (value < least) {
            throw WrongField.below(path(name), "decimal", plain(least), object.path(name).toString());
        }
        if (value > most) {
            throw WrongField.above(path(name), "decimal", plain(most), object.path(name).toString());
        }
        return value;
    }

    /** 2 rather than 2.0. */
    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
