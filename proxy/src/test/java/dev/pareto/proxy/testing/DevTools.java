package dev.pareto.proxy.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One connection to Chromium's DevTools protocol: commands with their answers, and events as they come. */
final class DevTools implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final BiConsumer<String, JsonNode> events;
    private final WebSocket socket;
    private volatile @Nullable String session;

    /** @param events method and parameters, in order, on the connection's own thread */
    DevTools(URI address, BiConsumer<String, JsonNode> events) {
        this.events = events;
        this.socket = http.newWebSocketBuilder().buildAsync(address, new Listener()).join();
    }

    /** From now on commands are for this page. */
    void speakTo(String page) {
        session = page;
    }

    JsonNode ask(String method, Map<String, ?> parameters) {
        int id = last.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        asked.put(id, answer);
        var command = JsonMapper.shared().createObjectNode().put("id", id).put("method", method);
        command.set("params", JsonMapper.shared().valueToTree(parameters));
        if (session != null) {
            command.put("sessionId", session);
        }
        socket.sendText(command.toString(), true).join();
        JsonNode told = answer.orTimeout(LONGEST.toSeconds(), TimeUnit.SECONDS).join();
        if (told.has("error")) {
            throw new IllegalStateException(method + ": " + told.path("error"));
        }
        return told.path("result");
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean whole) {
            text.append(part);
            if (whole) {
                JsonNode message = JsonMapper.shared().readTree(text.toString());
                text.setLength(0);
                if (message.has("id")) {
                    CompletableFuture<JsonNode> answer = asked.remove(message.path("id").asInt());
                    if (answer != null) {
                        answer.complete(message);
                    }
                } else {
                    events.accept(message.path("method").asString(""), message.path("params"));
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            asked.values().forEach(answer -> answer.completeExceptionally(failure));
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
