package dev.pareto.proxy.route;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import dev.pareto.policies.experiment.Exposure;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.guard.HeaderLists;
import dev.pareto.proxy.upstream.Deployment;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Writes answers and errors to the caller. Stateless. */
final class Replies {

    static final String REQUEST_ID = "Pareto-Request-Id";
    static final String MODEL = "Pareto-Model";
    static final String POLICY = "Pareto-Policy";
    static final String REASON = "Pareto-Reason";
    static final String COST_USD = "Pareto-Cost-Usd";
    static final String CACHE = "Pareto-Cache";
    static final String OVERHEAD_US = "Pareto-Overhead-Us";
    static final String EXPERIMENT = "Pareto-Experiment";
    static final String SIMULATED = "Pareto-Simulated";

    private static final String ALLOWED = Edge.METHODS.stream()
            .map(HttpMethod::name)
            .sorted()
            .collect(Collectors.joining(", "));

    private Replies() {}

    static Mono<Void> error(HttpServerResponse response, @Nullable UUID requestId, OpenAiError error) {
        byte[] body = error.json();
        HttpHeaders headers = response.status(error.status()).responseHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        if (requestId != null) {
            headers.set(REQUEST_ID, requestId.toString());
        }
        if (error.status() == 402) {
            headers.set("x-should-retry", "false"); // vendors' own libraries heed it
        }
        Duration wait = error.retryAfter();
        if (wait != null) {
            headers.set(HttpHeaderNames.RETRY_AFTER, String.valueOf(Math.max(1, wait.toSeconds())));
        }
        if (error.status() == 405) {
            headers.set(HttpHeaderNames.ALLOW, ALLOWED);
        }
        if (error.status() == 413 || error.status() == 408) {
            // the rest of the body is not read, so the connection cannot be used again
            headers.set(HttpHeaderNames.CONNECTION, "close");
        }
        return whole(response, body);
    }

    static void head(HttpServerResponse response, int status, HttpHeaders vendors, Planned planned, Deployment served) {
        HttpHeaders headers = response.status(status).responseHeaders();
        headers.add(HeaderLists.toCaller(vendors));
        decision(headers, planned, served.model().id().toString());
        if (served.simulated()) {
            headers.set(SIMULATED, "true");
        }
    }

    static void fromCache(HttpServerResponse response, Map<String, String> kept, Planned planned, String model) {
        HttpHeaders headers = response.status(200).responseHeaders();
        kept.forEach(headers::set);
        decision(headers, planned, model);
        headers.set(CACHE, "hit");
        headers.set(COST_USD, "0");
    }

    private static void decision(HttpHeaders headers, Planned planned, String model) {
        headers.set(REQUEST_ID, planned.plan().metered().requestId().toString());
        headers.set(MODEL, plain(model));
        headers.set(REASON, plain(planned.reason()));
        if (planned.policy() != null) {
            headers.set(POLICY, plain(planned.policy()));
        }
        Exposure exposure = planned.plan().metered().exposure();
        if (exposure != null && !exposure.before()) {
            headers.set(EXPERIMENT, exposure.experiment() + "=" + exposure.arm());
        }
    }

    static void cost(HttpServerResponse response, @Nullable Cost cost) {
        Money total = cost == null ? null : cost.total();
        if (total != null && total.currency().equals("USD")) {
            response.responseHeaders().set(COST_USD, total.plain());
        }
    }

    static Mono<Void> whole(HttpServerResponse response, byte[] body) {
        response.responseHeaders().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body))).then();
    }

    /** Each part is flushed as it comes. */
    static Mono<Void> streamed(HttpServerResponse response, Flux<byte[]> body) {
        return response.send(body.map(Unpooled::wrappedBuffer), part -> true).then();
    }

    /** Names come from configuration files; what cannot stand in a header is left out. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            plain.append(letter >= ' ' && letter < 0x7f ? letter : '?');
        }
        return plain.toString();
    }
}
