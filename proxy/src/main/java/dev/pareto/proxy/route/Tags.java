package dev.pareto.proxy.route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.policies.budget.BudgetScope;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.key.Caller;

import io.netty.handler.codec.http.HttpHeaders;

/** {@code Pareto-Tags: team=search,feature=triage}. */
final class Tags {

    private static final String HEADER = "Pareto-Tags";
    private static final int MAX = 16;
    private static final int MAX_CHARACTERS = 128;

    private Tags() {}

    /**
     * The caller's tags of this request; what a key says of itself cannot be overridden by its bearer. The key's name is one more, so that
     * spend can be told apart by key.
     */
    static Map<String, String> of(HttpHeaders headers, Caller caller) {
        Map<String, String> tags = stated(headers, caller);
        String key = caller.key();
        if (key == null) {
            return tags;
        }
        Map<String, String> all = new HashMap<>(tags);
        all.put(BudgetScope.KEY_TAG, key.length() <= MAX_CHARACTERS ? key : key.substring(0, MAX_CHARACTERS));
        return all;
    }

    private static Map<String, String> stated(HttpHeaders headers, Caller caller) {
        List<String> lines = headers.getAll(HEADER);
        if (lines.isEmpty()) {
            return caller.tags();
        }
        String given = String.join(",", lines);
        Map<String, String> tags = new HashMap<>();
        for (String pair : given.split(",", MAX + 1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            String value = equals < 0 ? "" : pair.substring(equals + 1).strip();
            if (name.isEmpty() || pair.length() > MAX_CHARACTERS) {
                throw new RefusedException(OpenAiError.badRequest("invalid_header",
                        "header " + HEADER + ": write name=value,name=value with at most " + MAX + " pairs", null));
            }
            if (name.equals(BudgetScope.KEY_TAG)) {
                throw new RefusedException(OpenAiError.badRequest("invalid_header",
                        "header " + HEADER + ": '" + name + "' is the gateway's own tag; leave it out", null));
            }
            if (tags.put(name, value) != null) {
                throw new RefusedException(OpenAiError.badRequest("invalid_header",
                        "header " + HEADER + ": '" + name + "' stands there twice; a tag has one value", null));
            }
        }
        tags.putAll(caller.tags());
        if (tags.size() > MAX) {
            throw new RefusedException(OpenAiError.badRequest("invalid_header",
                    "header " + HEADER + ": with those of the key there are more than " + MAX + " tags", null));
        }
        return tags;
    }
}
