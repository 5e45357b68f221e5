package dev.pareto.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.ParetoApplication;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole gateway on free ports, from a configuration text, with its ledger in a temporary folder. */
public final class Gateway implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Gateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param yaml vendors, routes and so on; the gateway part is added */
    public static Gateway start(Path folder, String yaml) {
        return start(folder, yaml, "", Map.of());
    }

    public static Gateway start(Path folder, String yaml, String gateway, Map<String, String> env) {
        try {
            Path file = Files.writeString(folder.resolve("pareto.yaml"),
                    """
                    gateway: {host: 127.0.0.1, port: 0, admin-port: 0, data-dir: '%s'%s}
                    %s""".formatted(folder.resolve("data"), gateway, yaml));
            ParetoConfig config = new ConfigReader().read(file, env);
            return new Gateway(ParetoApplication.start(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    public URI adminUrl() {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port"));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public HttpClient client() {
        return client;
    }

    public HttpResponse<byte[]> post(String path, String body, String... headers) {
        return send(request(path, body, headers));
    }

    public HttpRequest request(String path, String body, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(url().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        return (headers.length == 0 ? builder : builder.headers(headers)).build();
    }

    public HttpResponse<byte[]> get(URI url) {
        return send(HttpRequest.newBuilder(url).GET().build());
    }

    public HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The attempts of the ledger once none is open any more, oldest first. */
    public List<Map<String, @Nullable Object>> attempts() {
        JdbcClient reads = JdbcClient.create(bean(SqliteStore.class).reads());
        Await.until("every attempt is closed",
                () -> reads.sql("SELECT count(*) FROM attempt WHERE state = 'OPEN'").query(Long.class).single() == 0);
        return reads.sql("SELECT * FROM attempt ORDER BY started_us, attempt_id").query().listOfRows();
    }

    /** Attempts of the ledger that are under way. */
    public long openAttempts() {
        return JdbcClient.create(bean(SqliteStore.class).reads())
                .sql("SELECT count(*) FROM attempt WHERE state = 'OPEN'")
                .query(Long.class)
                .single();
    }

    @Override
    public void close() {
        context.close();
        client.close();
    }
}
