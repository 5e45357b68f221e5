package dev.pareto.proxy.route;

import java.net.URI;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Puts the vendor's address and patience of this moment in the place of the route's, which were fixed at the start. */
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
            Route fixed = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
            exchange.getAttributes()
                    .put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, Route.async()
                            .id(fixed.getId())
                            .uri(fixed.getUri())
                            .order(fixed.getOrder())
                            .asyncPredicate(fixed.getPredicate())
                            .metadata(RouteMetadataUtils.CONNECT_TIMEOUT_ATTR,
                                    Math.toIntExact(target.limits().connect().toMillis()))
                            .build());
            exchange.getAttributes()
                    .put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR,
                            URI.create(base + path + (query == null ? "" : "?" + query)));
        }
        return chain.filter(exchange);
    }
}
