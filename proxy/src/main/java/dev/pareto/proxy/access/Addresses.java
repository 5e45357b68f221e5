package dev.pareto.proxy.access;

import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Tells of each route its methods and its pattern. */
@SuppressWarnings("overloads") // both interfaces name a method unknown
final class Addresses implements RouterFunctions.Visitor, RequestPredicates.Visitor {

    private final BiConsumer<HttpMethod, String> found;
    private Set<HttpMethod> methods = Set.of();
    private String path = "";

    Addresses(BiConsumer<HttpMethod, String> found) {
        this.found = found;
    }

    @Override
    public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
        methods = Set.of();
        path = "";
        predicate.accept(this);
        if (methods.isEmpty() || path.isEmpty()) {
            throw new IllegalStateException("a route of the admin port has a method and a path, not " + predicate);
        }
        methods.forEach(method -> found.accept(method, path));
    }

    @Override
    public void method(Set<HttpMethod> told) {
        methods = Set.copyOf(told);
    }

    @Override
    public void path(String pattern) {
        path = pattern;
    }

    @Override
    public void startNested(RequestPredicate predicate) {
        throw new IllegalStateException("routes of the admin port are not nested: " + predicate);
    }

    @Override
    public void endNested(RequestPredicate predicate) {}

    @Override
    public void resources(Function<ServerRequest, Mono<Resource>> lookup) {}

    @Override
    public void attributes(java.util.Map<String, Object> attributes) {}

    @Override
    public void unknown(RouterFunction<?> router) {
        throw new IllegalStateException("what rights does it ask for? " + router);
    }

    @Override
    @SuppressWarnings("removal") // the interface still has it
    public void pathExtension(String extension) {}

    @Override
    public void version(String version) {}

    @Override
    public void header(String name, String value) {}

    @Override
    public void queryParam(String name, String value) {}

    @Override
    public void startAnd() {}

    @Override
    public void and() {}

    @Override
    public void endAnd() {}

    @Override
    public void startOr() {}

    @Override
    public void or() {}

    @Override
    public void endOr() {}

    @Override
    public void startNegate() {}

    @Override
    public void endNegate() {}

    @Override
    public void unknown(RequestPredicate predicate) {}
}
