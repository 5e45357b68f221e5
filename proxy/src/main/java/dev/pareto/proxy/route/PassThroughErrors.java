package dev.pareto.proxy.route;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import dev.pareto.dashboards.ledger.LedgerUnavailable;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.upstream.UpstreamException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** What fails behind the framework is told in OpenAI's shape too. */
public final class PassThroughErrors implements WebExceptionHandler, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(PassThroughErrors.class);

    private static final String UNEXPECTED = "upstream_failed";

    /** Before Spring Boot's own handler, which writes another shape. */
    @Override
    public int getOrder() {
        return -10;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (failure instanceof CallerLeftException) {
            LOG.debug("{}", failure.getMessage());
            return response.setComplete();
        }
        if (response.isCommitted()) {
            LOG.warn("the answer to {} {} broke off, so the caller's connection is closed: {}",
                    exchange.getRequest().getMethod(), exchange.getRequest().getPath(), failure.toString());
            return cut(response);
        }
        OpenAiError error = error(failure);
        if (error.code().equals(UNEXPECTED)) {
            LOG.error("a call that was passed through failed", failure);
        }
        response.getHeaders().clear();
        response.setStatusCode(HttpStatusCode.valueOf(error.status()));
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(error.json())));
    }

    /** What has begun cannot become an error any more; only a connection that breaks says that it is not whole. */
    private static Mono<Void> cut(ServerHttpResponse response) {
        HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
        netty.withConnection(connection -> {
            var _ = connection.channel().close();
        });
        return Mono.empty();
    }

    static OpenAiError error(Throwable failure) {
        return switch (failure) {
            case RefusedException refused -> refused.error();
            case UpstreamException upstream -> upstream.error();
            case LedgerUnavailable busy -> OpenAiError.later(503, "ledger_unavailable",
                    "The ledger cannot take the call at this moment, so it was not made.", Duration.ofSeconds(1));
            case ConnectException refused ->
                OpenAiError.upstream(502, "upstream_unreachable", "The vendor refused the connection.");
            case TimeoutException late ->
                OpenAiError.upstream(504, "upstream_timeout", "The vendor did not answer in time.");
            case ResponseStatusException status when status.getStatusCode() == HttpStatus.GATEWAY_TIMEOUT ->
                OpenAiError.upstream(504, "upstream_timeout", "The vendor did not answer in time.");
            case ResponseStatusException status when status.getStatusCode().is4xxClientError() -> OpenAiError
                    .refused(status.getStatusCode().value(), "unknown_url", "Unknown request URL.");
            case UnknownHostException unknown ->
                OpenAiError.upstream(502, "upstream_unreachable", "The vendor's host name is not known.");
            case IOException broken ->
                OpenAiError.upstream(502, "upstream_reset", "The vendor broke the connection before it answered.");
            default -> OpenAiError.upstream(502, UNEXPECTED, "The vendor could not be called.");
        };
    }
}
