package dev.pareto.proxy.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.proxy.testing.Payloads;

/** An open loop: so many requests a second whether the ones before are answered or not, every second one streamed. */
final class Callers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private final AtomicInteger cutOff = new AtomicInteger();
    private final long periodNanos;

    Callers(int aSecond) {
        periodNanos = Duration.ofSeconds(1).toNanos() / aSecond;
    }

    /** Begins; to be cancelled. */
    ScheduledFuture<?> call(URI chat) {
        return pace.scheduleAtFixedRate(() -> {
            String body = sent.getAndIncrement() % 2 == 0 ? Payloads.CHAT : Payloads.CHAT_STREAM;
            var _ = callers.submit(() -> one(chat, body));
        }, 0, periodNanos, TimeUnit.NANOSECONDS);
    }

    private void one(URI chat, String body) {
        try {
            HttpResponse<String> response = http.send(HttpRequest.newBuilder(chat)
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build(), BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                answered.add(response.headers().firstValue("Pareto-Request-Id").orElseThrow());
            } else if (response.statusCode() == 503 && response.body().contains("ledger_unavailable")) {
                refused.incrementAndGet();
            } else {
                others.incrementAndGet();
            }
        } catch (IOException killed) {
            cutOff.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Requests whose callers have their whole answer. */
    Set<String> answered() {
        return answered;
    }

    int sent() {
        return sent.get();
    }

    /** Not answered yet. */
    int underWay() {
        return sent() - answered.size() - refused() - others() - cutOff();
    }

    /** Told that the ledger takes no row now. */
    int refused() {
        return refused.get();
    }

    /** Answered with any other error. */
    int others() {
        return others.get();
    }

    /** Without an answer, for their gateway was killed. */
    int cutOff() {
        return cutOff.get();
    }

    @Override
    public void close() {
        pace.shutdownNow();
        callers.close();
        http.close();
    }
}
