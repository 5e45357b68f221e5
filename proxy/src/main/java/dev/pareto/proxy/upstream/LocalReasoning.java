package dev.pareto.proxy.upstream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pareto.engine.text.chat.TemplateTraits;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * How much a chat asks the model to think: OpenAI's {@code reasoning_effort}, and the variables of the template themselves in
 * {@code chat_template_kwargs}, as llama.cpp, vLLM and SGLang take them.
 *
 * @param effort null if the request does not say
 * @param variables of the template
 */
record LocalReasoning(@Nullable String effort, Map<String, Object> variables) {

    static final Set<String> FIELDS = Set.of("reasoning_effort", "chat_template_kwargs");

    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh");
    private static final int MAX_VARIABLES = 16;

    LocalReasoning {
        variables = Map.copyOf(variables);
    }

    /** @throws RefusedException naming the field that is wrong */
    static LocalReasoning read(LocalFields root) {
        String effort = root.text("reasoning_effort");
        if (effort != null && !EFFORTS.contains(effort)) {
            throw WrongField.noneOf("reasoning_effort", effort, EFFORTS);
        }
        Map<String, Object> variables = new LinkedHashMap<>();
        JsonNode given = root.get("chat_template_kwargs");
        if (!given.isMissingNode() && !given.isObject()) {
            throw root.wrongType("chat_template_kwargs", "an object");
        }
        for (String name : given.propertyNames()) {
            JsonNode value = given.get(name);
            String at = "chat_template_kwargs." + name;
            if (variables.size() == MAX_VARIABLES || !name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
                throw WrongField.of("invalid_value", "Invalid '" + at + "': expected at most " + MAX_VARIABLES
                        + " names of 1 to 64 letters, digits and underscores.", at);
            }
            if (value.isBoolean()) {
                variables.put(name, value.asBoolean());
            } else if (value.isString()) {
                variables.put(name, value.asString());
            } else if (value.isNumber()) {
                variables.put(name, value.numberValue());
            } else if (!value.isNull()) {
                throw WrongField.type(at, "a boolean, number or string", value.asToken());
            }
        }
        return new LocalReasoning(effort, variables);
    }

    /**
     * What to tell the template.
     *
     * @throws RefusedException if the effort is asked for but the template has no switch for it
     */
    Map<String, Object> variables(@Nullable TemplateTraits traits) {
        if (effort == null || traits == null) {
            return variables;
        }
        boolean thinks = !effort.equals("none");
        Map<String, Object> all = new LinkedHashMap<>();
        for (String name : traits.switches()) {
            all.put(name, name.equals("reasoning_effort") ? level(effort) : (Object) thinks);
        }
        if (all.isEmpty() && thinks) {
            throw WrongField.of("unsupported_parameter", "Unsupported parameter: 'reasoning_effort' is not supported "
                    + "with this model; its chat template cannot be told how much to think.", "reasoning_effort");
        }
        all.putAll(variables);
        return all;
    }

    /** The three words that templates know. */
    private static String level(String effort) {
        return switch (effort) {
            case "none", "minimal" -> "low";
            case "xhigh" -> "high";
            default -> effort;
        };
    }
}
