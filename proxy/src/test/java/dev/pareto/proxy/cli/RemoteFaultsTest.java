package dev.pareto.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Something else than a gateway listens where the admin port should be. */
final class RemoteFaultsTest {

    @ParameterizedTest
    @CsvSource({"200, <html>", "404, {}", "500, oops"})
    void whatIsNoGatewayIsToldInOneLine(int status, String body) throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().startsWith("/api") ? status : 200,
                    bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        other.start();
        try {
            String address = "http://127.0.0.1:" + other.getAddress().getPort();
            Ran ran = Ran.of(List.of("verdict", "list", "--admin", address));

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.err()).startsWith("pareto: ").contains(address).contains("--admin").hasLineCount(1);
            assertThat(ran.out()).isEmpty();
        } finally {
            other.stop(0);
        }
    }
}
