package dev.pareto.proxy.guard;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A body collected into one array, bounded by the bytes that really come, whatever the headers say. */
public final class RequestBody {

    private static final int FIRST_BYTES = 4_096;

    private final Edge edge;
    private byte[] bytes;
    private int length;

    private RequestBody(Edge edge, int declared) {
        this.edge = edge;
        this.bytes = new byte[declared > 0 ? declared : FIRST_BYTES];
    }

    /**
     * @param declared the Content-Length, already known to be within the bound; -1 when there is none
     * @param idle how long a caller may pause
     */
    public static Mono<byte[]> collect(Flux<ByteBuf> received, long declared, Edge edge, Duration idle) {
        return Mono.defer(() -> {
            // a declared length is believed only up to a mebibyte until the bytes are there
            RequestBody body = new RequestBody(edge, (int) Math.min(declared, 1 << 20));
            return received.timeout(idle)
                    .doOnNext(body::add)
                    .onErrorMap(TimeoutException.class,
                            late -> new RefusedException(OpenAiError.refused(408, "request_timeout",
                                    "The body did not come within " + idle.toSeconds() + " seconds.")))
                    .then(Mono.fromSupplier(body::whole));
        });
    }

    private void add(ByteBuf part) {
        int more = part.readableBytes();
        if ((long) length + more > edge.maxBodyBytes()) {
            throw new RefusedException(edge.tooLarge());
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(2L * bytes.length, (long) length + more),
                    Math.max(edge.maxBodyBytes(), length + more)));
        }
        part.readBytes(bytes, length, more);
        length += more;
    }

    private byte[] whole() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
