package dev.pareto.proxy.route;

import java.util.Objects;
import java.util.function.Predicate;

import dev.pareto.proxy.guard.HeaderLists;

import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** The edge's allow-lists for what passes through, one instance a direction; lengths go along, for the bytes are unchanged. */
public final class PassThroughHeaders implements HttpHeadersFilter, Ordered {

    private final Type direction;

    public PassThroughHeaders(Type direction) {
        this.direction = direction;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public boolean supports(Type type) {
        return type == direction;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        Predicate<String> listed = direction == Type.REQUEST ? HeaderLists::goesToVendor : HeaderLists::goesToCaller;
        HttpHeaders passed = new HttpHeaders();
        input.forEach((name, values) -> {
            if (listed.test(name) || name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                passed.addAll(name, values);
            }
        });
        PassThrough.Target target = PassThrough.target(exchange);
        if (direction == Type.REQUEST && target != null) {
            if (target.vendor().key() != null) {
                passed.setBearerAuth(target.vendor().key().reveal());
            } else if (target.caller().authorization() != null) {
                passed.set(HttpHeaders.AUTHORIZATION, Objects.requireNonNull(target.caller().authorization()).reveal());
            }
        }
        return passed;
    }
}
