package dev.pareto.proxy.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;

/**
 * An answer whose status is known and whose body is still to come.
 *
 * @param headers as the vendor sent them; not yet allow-listed
 * @param body may be subscribed to once; fails with {@link UpstreamException}; cancelling it ends the work upstream
 */
public record UpstreamAnswer(int status, HttpHeaders headers, Flux<byte[]> body) {

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    public boolean eventStream() {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }
}
