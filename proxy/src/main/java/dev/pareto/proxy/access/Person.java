package dev.pareto.proxy.access;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who asks, by a key of the admin port.
 *
 * @param key its id; empty for this gateway itself
 * @param name under which all that is done is written down
 */
public record Person(String key, String name, Role role) {

    private static final String ATTRIBUTE = Person.class.getName();

    /** Whose request it is; null where no keys are in force. */
    public static @Nullable Person of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE);
    }

    void asks(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
