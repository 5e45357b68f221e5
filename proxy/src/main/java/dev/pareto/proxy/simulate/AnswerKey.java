package dev.pareto.proxy.simulate;

import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * What a simulated vendor answers to each item of its suites: the expected answer, and a wrong one to the items that
 * {@code simulated-errors.txt} beside the suite lists. Immutable.
 */
final class AnswerKey {

    private final Map<String, String> answers;

    private AnswerKey(Map<String, String> answers) {
        this.answers = Map.copyOf(answers);
    }

    /** Reads the keys of suites, each a folder under {@code folder}. */
    static AnswerKey read(Path folder, List<String> suites) throws IOException, SuiteException {
        var answers = new HashMap<String, String>();
        for (String name : suites) {
            Suite suite = new SuiteReader().read(folder.resolve(name));
            Set<String> errors = errors(folder.resolve(name).resolve("simulated-errors.txt"));
            Map<String, List<JsonNode>> alternatives = alternatives(suite);
            for (Item item : suite.items()) {
                JsonNode expected = item.expected();
                if (expected != null) {
                    JsonNode answer = errors.contains(item.id())
                            ? wrong(expected, alternatives.getOrDefault(group(item), List.of()))
                            : expected;
                    answers.put(prompt(item.messages()), text(answer));
                }
            }
        }
        return new AnswerKey(answers);
    }

    /** The answer to a conversation; null when no suite knows its prompt. */
    @Nullable
    String find(List<Map<String, Object>> messages) {
        return answers.get(prompt(messages));
    }

    /** System and user texts together: an instruction may stand in either. */
    private static String prompt(List<Map<String, Object>> messages) {
        return messages.stream()
                .map(message -> message.get("role") + ":" + message.get("content"))
                .collect(Collectors.joining("\n"));
    }

    private static String text(JsonNode answer) {
        return answer.isString() ? answer.stringValue() : answer.toString();
    }

    private static Set<String> errors(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file)
                        .stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private static String group(Item item) {
        return item.stratum() == null ? "" : item.stratum();
    }

    /** The distinct answers of each stratum: a wrong label is another label. */
    private static Map<String, List<JsonNode>> alternatives(Suite suite) {
        var distinct = new HashMap<String, Set<JsonNode>>();
        for (Item item : suite.items()) {
            if (item.expected() != null) {
                distinct.computeIfAbsent(group(item), _ -> new LinkedHashSet<>()).add(item.expected());
            }
        }
        return distinct.entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new ArrayList<>(entry.getValue())));
    }

    /** A mistake of the kind that models make: the neighbouring label, one field lost, a number off by one. */
    private static JsonNode wrong(JsonNode expected, List<JsonNode> alternatives) {
        if (expected instanceof ObjectNode fields) {
            ObjectNode spoilt = fields.deepCopy();
            String field = fields.propertyNames()
                    .stream()
                    .filter(name -> !fields.get(name).isNull())
                    .findFirst()
                    .orElse(fields.propertyNames().iterator().next());
            return spoilt.put(field, fields.get(field).isNull() ? "unknown" : fields.get(field).asString() + "?");
        }
        if (expected.isNumber() || expected.asString().matches("-?\\d{1,15}")) {
            return StringNode.valueOf(Long.toString(Long.parseLong(expected.asString()) + 1));
        }
        int at = alternatives.indexOf(expected);
        return alternatives.size() < 2
                ? StringNode.valueOf("unknown")
                : alternatives.get((at + 1) % alternatives.size());
    }
}
