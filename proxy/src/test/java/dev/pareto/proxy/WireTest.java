package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Wire;
import dev.pareto.proxy.testing.World;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Requests that no client library would send, byte by byte. */
@ExtendWith(World.Extension.class)
final class WireTest {

    private static final String REST = " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n";

    private final World world;

    WireTest(World world) {
        this.world = world;
    }

    private String send(String request) {
        return Wire.exchange(world.gateway.url(), request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE /v1/models", "CONNECT gateway:443", "TRACE /v1/responses", "BREW /v1/pot"})
    void methodsWithoutMeaningHereAreRefused(String line) {
        assertThat(send(line + REST + "\r\n")).startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("allow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n")
                .contains("\"code\":\"method_not_allowed\"");
        assertThat(world.openai.seen()).isEmpty();
    }

    @Test
    void anExpectationThatNobodyCanMeetIsRefused() {
        assertThat(send("POST /v1/chat/completions" + REST + "Expect: banana\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 417 ")
                .contains("\"code\":\"expectation_failed\"");
    }

    @Test
    void whatIsNoHttpIsToldSoInOpenAisShape() {
        assertThat(send("GET /v1/models" + REST + "bad header\r\n\r\n")).startsWith("HTTP/1.1 400 ")
                .contains("\"code\":\"invalid_http\"");
        assertThat(send("GET /v1/" + "x".repeat(20_000) + REST + "\r\n")).startsWith("HTTP/1.1 414 ")
                .contains("\"code\":\"uri_too_long\"");
        assertThat(send("GET /v1/models" + REST + "X: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("\"code\":\"headers_too_large\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallerWhoLeavesInTheMiddleOfTheBodyIsNoErrorOfOurs(boolean reset) throws IOException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        int before = world.gateway.attempts().size();
        log.start();
        root.addAppender(log);
        try {
            leave("/v1/chat/completions", reset);
            leave("/v1/responses", reset);
            Await.until("the call that passes through is closed", () -> world.gateway.attempts().size() > before);
        } finally {
            root.detachAppender(log);
        }
        List<Map<String, @Nullable Object>> attempts = world.gateway.attempts();
        assertThat(attempts).hasSize(before + 1);
        assertThat(attempts.getLast()).containsEntry("state", "ABORTED")
                .containsEntry("error_code", "client_closed_request");
        assertThat(log.list).filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    private void leave(String path, boolean reset) throws IOException {
        Admission admission = world.gateway.bean(Admission.class);
        boolean understood = path.startsWith("/v1/chat");
        try (Socket socket = Wire.begin(world.gateway.url(), "POST " + path + REST
                + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"model\":")) {
            Await.until("the call has begun", () -> understood ? admission.inFlight() == 1 : open() == 1);
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        }
        Await.until("the call has ended", () -> admission.inFlight() == 0);
    }

    private long open() {
        return world.gateway.openAttempts();
    }
}
