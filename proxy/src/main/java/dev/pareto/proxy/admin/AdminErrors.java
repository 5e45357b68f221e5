package dev.pareto.proxy.admin;

import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Every error of the admin port has one shape, that of the data port: {@code {"error": {"message", "code", …}}}. */
final class AdminErrors implements WebExceptionHandler, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(AdminErrors.class);

    /** Before the data port's, which the admin port's context inherits and which speaks of vendors. */
    @Override
    public int getOrder() {
        return -20;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        OpenAiError error = error(exchange, failure);
        HttpHeaders headers = response.getHeaders();
        headers.clear();
        response.setStatusCode(HttpStatusCode.valueOf(error.status()));
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setCacheControl("no-store");
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(error.json())));
    }

    private static OpenAiError error(ServerWebExchange exchange, Throwable failure) {
        return switch (failure) {
            case RefusedException refused -> refused.error();
            case DataBufferLimitException tooLarge -> OpenAiError.refused(413, "request_too_large",
                    "The body is larger than " + AdminApi.MAX_BODY_BYTES + " bytes.");
            case ResponseStatusException status when status.getStatusCode().value() == 404 -> OpenAiError.refused(404,
                    "unknown_url", "There is nothing at " + exchange.getRequest().getMethod() + " "
                            + exchange.getRequest().getPath() + ".");
            case ResponseStatusException status when status.getStatusCode().is4xxClientError() ->
                OpenAiError.refused(status.getStatusCode().value(), "bad_request",
                        status.getReason() == null ? "The request is not what is expected here." : status.getReason());
            default -> {
                LOG.error("the admin port failed at {}", exchange.getRequest().getPath(), failure);
                yield OpenAiError.internal();
            }
        };
    }
}
