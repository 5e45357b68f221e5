package dev.pareto.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a caller forbids to be kept, however it is spelt. */
final class CacheWishTest {

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
    }

    private static HttpResponse<byte[]> ask(Gateway gateway, String content, String... headers) {
        return gateway.post("/v1/chat/completions",
                "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}", headers);
    }

    private static String cache(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(() -> new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(200);
        return answer.headers().firstValue("Pareto-Cache").orElse("none");
    }

    @Test
    void isReadInAnyCaseAndSeveralAtOnceAndAnUnknownOneIsRefused() {
        try (Gateway gateway = Gateway.start(folder, """
                                                     vendors:
                                                       openai: {dialect: openai, url: '%s'}
                                                     routes:
                                                       r: {candidates: [openai/gpt-4o-mini], cache: {ttl: 10 min}}
                                                     """.formatted(openai.url()))) {
            for (String wish : new String[]{"No-Store", "no-store, no-cache", " no-cache,NO-STORE",
                    "max-age=60, no-store"}) {
                assertThat(cache(ask(gateway, "secret", "Pareto-Cache", wish))).as(wish).isEqualTo("none");
                assertThat(cache(ask(gateway, "secret", "Pareto-Cache", wish))).as(wish).isEqualTo("none");
            }
            assertThat(cache(ask(gateway, "secret"))).isEqualTo("miss");
            assertThat(cache(ask(gateway, "secret"))).isEqualTo("hit");
            assertThat(cache(ask(gateway, "secret", "Pareto-Cache", "Max-Age=3600"))).isEqualTo("hit");
            assertThat(cache(ask(gateway, "secret", "Pareto-Cache", "max-age=0"))).isEqualTo("miss");
            assertThat(cache(ask(gateway, "secret", "Pareto-Cache", "No-Cache"))).isEqualTo("miss");
            assertThat(cache(ask(gateway, "secret", "Pareto-Cache", "no-store"))).isEqualTo("none");
            int asked = openai.seen().size();
            for (String wish : new String[]{"nostore", "max-age=soon", "max-age=-1", "max-age=", "private"}) {
                HttpResponse<byte[]> answer = ask(gateway, "secret", "Pareto-Cache", wish);
                assertThat(answer.statusCode()).as(wish).isEqualTo(400);
                assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("invalid_header", "Pareto-Cache",
                        wish);
            }
            assertThat(openai.seen()).hasSize(asked);
        }
    }
}
