package dev.pareto.evals.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * What stands around an item's own words.
 *
 * @param system the first message; null for none
 * @param template the user message of items that give only variables; null for none
 */
record Prompt(@Nullable String system, @Nullable Template template) {

    /** The system prompt, then the messages. */
    List<Map<String, Object>> around(List<Map<String, Object>> messages) {
        if (system == null) {
            return messages;
        }
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(Map.of("role", "system", "content", system));
        all.addAll(messages);
        return all;
    }

    /** @throws IllegalArgumentException when there is no template, or a variable is missing */
    List<Map<String, Object>> filled(JsonNode vars) {
        if (template == null) {
            throw new IllegalArgumentException("the suite has no prompt.template for 'vars'");
        }
        return List.of(Map.of("role", "user", "content", template.render(vars)));
    }
}
