package dev.pareto.proxy.route;

import java.net.URI;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Puts the vendor's address of this moment in the place of the route's, which was fixed at the start. */
public final class PassThroughTarget implements GlobalFilter, Ordered {

    @Override
    public int getOrder() {
        return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        PassThrough.Target target = PassThrough.target(exchange);
        if (target != null) {
            String base = target.vendor().urls().getFirst().toString();
            base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
            base = base.endsWith("/v1") ? base.substring(0, base.length() - 3) : base;
            String query = exchange.getRequest().getURI().getRawQuery();
            String path = exchange.getRequest().getURI().getRawPath();
            exchange.getAttributes()
                    .put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR,
                            URI.create(base + path + (query == null ? "" : "?" + query)));
        }
        return chain.filter(exchange);
    }
}
