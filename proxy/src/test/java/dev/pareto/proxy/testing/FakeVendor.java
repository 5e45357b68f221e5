package dev.pareto.proxy.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A vendor on a free port that answers by script and remembers what it was sent, and who left early. */
public final class FakeVendor implements AutoCloseable {

    private final DisposableServer server;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Seen> left = new LinkedBlockingQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile Function<Seen, Script> answer = request -> Script.json(500,
            "{\"error\":{\"message\":\"no script\"}}");

    /** A request as it came. */
    public record Seen(String method, String path, HttpHeaders headers, String body) {}

    public FakeVendor() {
        server = HttpServer.create().host("127.0.0.1").port(0).handle(this::handle).bindNow();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    public FakeVendor answers(Function<Seen, Script> how) {
        answer = how;
        return this;
    }

    public FakeVendor answers(Script always) {
        return answers(request -> always);
    }

    /** Every request so far, oldest first. */
    public List<Seen> seen() {
        return seen;
    }

    /** Requests whose caller closed the connection before the answer's end. */
    public BlockingQueue<Seen> left() {
        return left;
    }

    public int running() {
        return running.get();
    }

    public void forget() {
        seen.clear();
        left.clear();
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive().aggregate().asString(StandardCharsets.UTF_8).defaultIfEmpty("").flatMap(body -> {
            Seen one = new Seen(request.method().name(), request.uri(), request.requestHeaders().copy(), body);
            seen.add(one);
            Script script = answer.apply(one);
            running.incrementAndGet();
            response.status(script.status());
            script.headers().forEach(response::header);
            Flux<ByteBuf> answering = body(script, response).doFinally(end -> {
                running.decrementAndGet();
                if (end == SignalType.CANCEL && script.end() != Script.End.CUT) {
                    left.add(one);
                }
            });
            return response.send(answering, part -> true).then();
        });
    }

    private static Flux<ByteBuf> body(Script script, HttpServerResponse response) {
        Flux<ByteBuf> parts = Flux.fromIterable(script.parts())
                .concatMap(part -> part.pause().isZero()
                        ? Mono.just(buffer(part))
                        : Mono.delay(part.pause()).map(tick -> buffer(part)));
        return switch (script.end()) {
            case DONE -> parts;
            case CUT -> parts.concatWith(Mono.defer(() -> {
                response.withConnection(connection -> {
                    var _ = connection.channel().close();
                });
                return Mono.never();
            }));
            case HANG -> parts.concatWith(Mono.never());
        };
    }

    private static ByteBuf buffer(Script.Part part) {
        return Unpooled.copiedBuffer(part.text(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
