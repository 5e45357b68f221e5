package dev.pareto.evals.suite.importer;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The graders and messages that importers make again and again. */
final class Specs {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Specs() {}

    static ObjectNode spec(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    static ObjectNode values(String type, List<String> values, boolean ignoreCase) {
        ObjectNode spec = spec(type);
        spec.set("values", JSON.valueToTree(values));
        return ignoreCase ? spec.put("ignore_case", true) : spec;
    }

    static ObjectNode regex(String pattern) {
        return spec("regex").put("pattern", pattern);
    }

    /** An answer that must not be {@code text}. */
    static ObjectNode not(String text) {
        return regex("(?s)\\A(?!\\s*" + Pattern.quote(text.strip()) + "\\s*\\z)");
    }

    static ArrayNode user(String content) {
        return messages(null, content);
    }

    static ArrayNode messages(@Nullable String system, String content) {
        ArrayNode messages = JSON.createArrayNode();
        if (system != null && !system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system);
        }
        messages.addObject().put("role", "user").put("content", content);
        return messages;
    }

    static ObjectNode nothing() {
        return JSON.createObjectNode();
    }

    /** The text of a message's content: one text, or parts of which the texts count. */
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isValueNode() && !content.isNull() ? content.asString() : "";
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.isString() ? part.asString() : part.path("text").asString("")));
        return text.toString();
    }

    /**
     * The same expression without groups that capture: a grader would take the first for the answer.
     *
     * @return null when it refers back to a group, or Java cannot read it
     */
    static @Nullable String withoutGroups(String pattern) {
        StringBuilder plain = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                char next = pattern.charAt(++i);
                if (!inClass && ((Character.isDigit(next) && next != '0') || next == 'k')) {
                    return null;
                }
                plain.append(c).append(next);
                continue;
            }
            inClass = c == '[' || (inClass && c != ']');
            plain.append(c);
            if (c != '(' || inClass) {
                continue;
            }
            int named = named(pattern, i + 1);
            if (named > 0) {
                plain.append("?:");
                i = named;
            } else if (!pattern.startsWith("?", i + 1)) {
                plain.append("?:");
            }
        }
        try {
            return Pattern.compile(plain.toString()).matcher("").groupCount() == 0 ? plain.toString() : null;
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    /** Where the name of a named group ends, 0 when none begins there: {@code ?<n>} in Java, {@code ?P<n>} in Python. */
    private static int named(String pattern, int at) {
        int name = pattern.startsWith("?<", at) ? at + 2 : pattern.startsWith("?P<", at) ? at + 3 : 0;
        return name > 0 && name < pattern.length() && Character.isLetter(pattern.charAt(name))
                ? pattern.indexOf('>', name)
                : 0;
    }
}
