package dev.pareto.proxy.access;

import org.springframework.web.server.ServerWebExchange;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a post asks for, made to tell who asks, and noted for the journal without what is secret in it. */
public final class Deed {

    private static final String DETAIL = Deed.class.getName();
    private static final String BY = Deed.class.getName() + ".by";
    private static final java.util.Set<String> SECRET = java.util.Set.of("key", "webhook", "password", "secret");
    private static final int MOST_NOTED = 20_000;

    private Deed() {}

    /**
     * The body as it goes on: whose key it is stands as {@code by}, whatever a form says. Only documents with an {@code action} or a
     * {@code by} are somebody's doing; others, such as verdicts, stay as they are.
     */
    public static String signed(ServerWebExchange exchange, String body) {
        JsonNode document = read(body);
        if (!(document instanceof ObjectNode deed)) {
            return body;
        }
        Person person = Person.of(exchange);
        Person doer = deed.has("action") || deed.has("by") ? person : null;
        if (doer != null) {
            deed.put("by", doer.name());
        }
        exchange.getAttributes().put(BY, deed.path("by").asString(""));
        exchange.getAttributes().put(DETAIL, noted(body, deed));
        return doer != null ? deed.toString() : body;
    }

    private static String noted(String body, ObjectNode deed) {
        if (body.length() > MOST_NOTED) {
            return body.length() + " characters";
        }
        ObjectNode shown = deed.deepCopy();
        SECRET.stream().filter(shown::has).forEach(name -> shown.put(name, "***"));
        return shown.toString();
    }

    /** For the journal; empty where nothing was read. */
    static String detail(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(DETAIL, "");
    }

    /** Whom the deed itself names; anybody could have written that. */
    static String named(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(BY, "");
    }

    private static JsonNode read(String body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException malformed) {
            // whoever reads it next says so
            return JsonMapper.shared().nullNode();
        }
    }
}
