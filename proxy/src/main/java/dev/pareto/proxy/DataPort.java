package dev.pareto.proxy;

import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.route.DirectPlanner;
import dev.pareto.proxy.route.EdgeRefusals;
import dev.pareto.proxy.route.ModelCalls;
import dev.pareto.proxy.route.ModelList;
import dev.pareto.proxy.route.Planner;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.upstream.Deployments;

import io.netty.handler.codec.http.HttpMethod;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The data port: the edge before everything, the calls that Pareto understands on Reactor Netty itself, and the framework behind
 * them for what passes through.
 */
@Configuration(proxyBeanMethods = false)
class DataPort {

    private static final int MAX_HEADER_BYTES = 16 << 10;

    @Bean
    Planner planner(LiveConfig config, Meter meter, Deployments deployments) {
        return new DirectPlanner(config, meter);
    }

    @Bean
    NettyServerCustomizer bounds() {
        return server -> server.httpRequestDecoder(decoder -> decoder.maxHeaderSize(MAX_HEADER_BYTES)
                .maxInitialLineLength(MAX_HEADER_BYTES).validateHeaders(true));
    }

    /** In this order: the first that matches answers. */
    @Bean
    NettyRouteProvider routes(Edge edge, ModelCalls calls, ModelList models) {
        EdgeRefusals refusals = new EdgeRefusals(edge);
        return routes -> {
            routes.route(refusals::concern, refusals::handle);
            for (Endpoint endpoint : Endpoint.values()) {
                routes.route(request -> request.method().equals(HttpMethod.POST) && request.fullPath().equals(endpoint.path()),
                        (request, response) -> calls.handle(endpoint, request, response));
            }
            return routes.route(models::concern, models::handle);
        };
    }
}
