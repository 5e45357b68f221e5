package dev.pareto.evals.grade.instructions;

import java.util.List;
import java.util.function.IntPredicate;

import tools.jackson.databind.JsonNode;

/**
 * The arguments of one instruction, read with errors that name it. Null is absent: some copies of the data list every
 * argument of every kind.
 *
 * @param id of the instruction
 * @param values as the data has them
 */
record Arguments(String id, JsonNode values) {

    int number(String name) {
        JsonNode value = present(name);
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw new IllegalArgumentException(id + " needs a whole number '" + name + "', not " + value);
        }
        return value.decimalValue().intValueExact();
    }

    String text(String name) {
        JsonNode value = present(name);
        if (!value.isString()) {
            throw new IllegalArgumentException(id + " needs a text '" + name + "', not " + value);
        }
        return value.stringValue();
    }

    List<String> texts(String name) {
        JsonNode value = present(name);
        if (!value.isArray() || value.isEmpty() || !value.valueStream().allMatch(JsonNode::isString)) {
            throw new IllegalArgumentException(id + " needs a list of texts '" + name + "', not " + value);
        }
        return value.valueStream().map(JsonNode::stringValue).toList();
    }

    /** The comparison that {@code relation} names, with the threshold on its right. */
    IntPredicate compared(String relation, String threshold) {
        int bound = number(threshold);
        return switch (text(relation)) {
            case "less than" -> count -> count < bound;
            case "at least" -> count -> count >= bound;
            default -> throw new IllegalArgumentException(id + ": '" + relation + "' is 'less than' or 'at least'");
        };
    }

    private JsonNode present(String name) {
        JsonNode value = values.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw new IllegalArgumentException(id + " needs '" + name + "'");
        }
        return value;
    }
}
