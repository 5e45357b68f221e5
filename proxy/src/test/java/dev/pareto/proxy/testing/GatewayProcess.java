package dev.pareto.proxy.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

import dev.pareto.proxy.cli.Main;

/**
 * A gateway in a process of its own, which can be killed as the system kills.
 *
 * @param url of the data port
 * @param adminUrl of the admin port
 */
public record GatewayProcess(Process process, URI url, URI adminUrl) {

    /**
     * Serves by a configuration and waits until it does.
     *
     * @param folder for its data and its log; another one started there goes on with the same data
     */
    public static GatewayProcess start(Path folder, Path config) throws IOException {
        int port = freePort();
        int admin = freePort();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
                "-Xmx512m", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve", "--config",
                config.toString(), "--port", Integer.toString(port), "--admin-port", Integer.toString(admin), "--data",
                folder.resolve("data").toString()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway.log").toFile())
                .start();
        var gateway = new GatewayProcess(process, URI.create("http://127.0.0.1:" + port),
                URI.create("http://127.0.0.1:" + admin));
        try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Await.until("the gateway is up", Duration.ofSeconds(90), () -> gateway.isHealthy(http));
        }
        return gateway;
    }

    private boolean isHealthy(HttpClient http) {
        try {
            return http.send(HttpRequest.newBuilder(adminUrl.resolve("/actuator/health")).GET().build(),
                    BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A port that nobody listens on now. */
    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Without a chance to put anything in order. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
