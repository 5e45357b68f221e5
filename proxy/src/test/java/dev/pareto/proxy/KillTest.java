package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.proxy.cli.Main;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A gateway killed in the middle: what was settled stays, what was open is marked expired at the next start. */
final class KillTest {

    private static final int ANSWERED = 40;
    private static final int HANGING = 5;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    @Test
    void noSettledRowIsLostAndOpenOnesExpire() throws Exception {
        try (var vendor = new FakeVendor()) {
            vendor.answers(request -> request.body().contains("HANG")
                    ? Script.events(Payloads.chunk("{\"content\":\"one\"}", "null", true)).ending(Script.End.HANG)
                    : Payloads.openAi(request));
            Set<String> answered = ConcurrentHashMap.newKeySet();
            Process gateway = start(vendor);
            URI chat = URI.create("http://127.0.0.1:" + port + "/v1/chat/completions");
            Await.until("the gateway is up", Duration.ofSeconds(90), () -> answers(chat));
            for (int i = 0; i < HANGING; i++) {
                http.sendAsync(request(chat, Payloads.CHAT_STREAM.replace("hello", "HANG")),
                        BodyHandlers.ofInputStream()).join();
            }
            for (int i = 0; i < ANSWERED; i++) {
                answered.add(http.send(request(chat, Payloads.CHAT), BodyHandlers.discarding())
                        .headers()
                        .firstValue("Pareto-Request-Id")
                        .orElseThrow());
            }
            gateway.destroyForcibly().waitFor();
            check(vendor, answered);
        }
    }

    private void check(FakeVendor vendor, Set<String> answered) {
        try (var restarted = Gateway.start(folder, vendors(vendor))) {
            JdbcClient reads = JdbcClient.create(restarted.bean(SqliteStore.class).reads());
            var settled = reads.sql("SELECT request_id FROM attempt WHERE state = 'SETTLED'")
                    .query(String.class)
                    .list()
                    .stream()
                    .collect(Collectors.toSet());
            assertThat(reads.sql("SELECT count(*) FROM attempt WHERE state = 'OPEN'").query(Long.class).single())
                    .isZero();
            assertThat(reads.sql("SELECT count(*) FROM attempt WHERE state = 'EXPIRED'").query(Long.class).single())
                    .isBetween((long) HANGING, (long) HANGING + 1);
            // The row of an answer is settled right after its last byte; only the very last may have been under way.
            assertThat(settled.stream().filter(answered::contains).count()).isGreaterThanOrEqualTo(ANSWERED - 1);
        }
    }

    private Process start(FakeVendor vendor) throws IOException {
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("killed.yaml"), vendors(vendor));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
                "-Xmx512m", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve", "--config",
                config.toString(), "--port", Integer.toString(port), "--admin-port", "0", "--data",
                folder.resolve("data").toString()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway.log").toFile())
                .start();
    }

    private static String vendors(FakeVendor vendor) {
        return "vendors:\n  openai: {dialect: openai, url: '" + vendor.url() + "', retries: 0}\n";
    }

    private boolean answers(URI chat) {
        try {
            return http.send(request(chat, Payloads.CHAT), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static HttpRequest request(URI chat, String body) {
        return HttpRequest.newBuilder(chat)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
