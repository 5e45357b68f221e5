package dev.pareto.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;

import dev.pareto.proxy.dialect.openai.OpenAiError;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeTest {

    private final Edge edge = new Edge(() -> 1_000);

    private static HttpHeaders headers(String... pairs) {
        HttpHeaders headers = new DefaultHttpHeaders().add("Host", "gateway");
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/models/local%2Fsupport-desk", "/v1/models/a/b",
            "/v1/files?after=%2e%2e;x",
            "/v1/batches/b_1/cancel"})
    void letsPlainPathsPass(String target) {
        assertThat(edge.refusal(HttpMethod.GET, target, headers())).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil/v1/models", "v1/x", "/v1/../actuator/env", "/v1/%2e%2e/x", "/v1/%2E./x",
            "/v1//x", "/v1/x;y=1",
            "/v1/./x", "/v1/..", "/v1/x\\y", "/v1/%2fx", "/v1/x%00", "/v1/ä", "/v1/a b", "*"})
    void refusesPathsThatCouldMeanAnotherOne(String target) {
        OpenAiError refused = edge.refusal(HttpMethod.GET, target, headers());

        assertThat(refused).isNotNull();
        assertThat(Objects.requireNonNull(refused).status()).isEqualTo(400);
    }

    @Test
    void refusesNoHostTwoHostsEncodingsAndLengthsBeyondTheBound() {
        assertThat(status(edge.refusal(HttpMethod.POST, "/v1/x", new DefaultHttpHeaders()))).isEqualTo(400);
        assertThat(status(edge.refusal(HttpMethod.POST, "/v1/x", headers("Host", "other")))).isEqualTo(400);
        assertThat(status(edge.refusal(HttpMethod.POST, "/v1/x", headers("Content-Encoding", "gzip")))).isEqualTo(415);
        assertThat(status(edge.refusal(HttpMethod.POST, "/v1/x", headers("Content-Length", "1001")))).isEqualTo(413);
        assertThat(status(edge.refusal(HttpMethod.POST, "/v1/x", headers("Content-Length", "99999999999999999999"))))
                .isEqualTo(413);
        assertThat(status(edge.refusal(HttpMethod.POST, "/admin", headers()))).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions/", "/v1/Chat/Completions", "/v1/EMBEDDINGS", "/v1/models/",
            "/v1/completions/?x=1"})
    void refusesPathsThatAreNearlyKnownAsOpenAiDoes(String target) {
        OpenAiError refused = Objects.requireNonNull(edge.refusal(HttpMethod.POST, target, headers()));

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.message()).contains("Did you mean /v1/");
    }

    @Test
    void refusesMethodsAndExpectationsThatHaveNoMeaningHere() {
        for (String method : new String[]{"TRACE", "CONNECT", "PROPFIND"}) {
            assertThat(status(edge.refusal(HttpMethod.valueOf(method), "/v1/x", headers()))).isEqualTo(405);
        }
        assertThat(status(edge.refusal(HttpMethod.POST, "/v1/x", headers("Expect", "banana")))).isEqualTo(417);
        assertThat(edge.refusal(HttpMethod.POST, "/v1/x", headers("Expect", "100-Continue"))).isNull();
    }

    @Test
    void passesOnlyListedHeaders() {
        HttpHeaders callers = headers("Content-Type", "application/json", "Cookie", "a=b", "X-Forwarded-For", "1.2.3.4",
                "Authorization", "Bearer sk", "X-Stainless-Lang", "java", "Accept-Encoding", "gzip", "Connection",
                "close",
                "Proxy-Authorization", "x", "traceparent", "00-1", "Pareto-Policy", "p", "OpenAI-Organization",
                "org-1");

        assertThat(HeaderLists.toVendor(callers).names()).containsExactlyInAnyOrder("Content-Type", "X-Stainless-Lang",
                "OpenAI-Organization");

        HttpHeaders vendors = headers("Content-Type", "application/json", "Set-Cookie", "a=b", "Server", "nginx",
                "x-request-id", "r",
                "x-ratelimit-remaining-tokens", "7", "Retry-After", "1", "X-Powered-By", "x", "openai-processing-ms",
                "9");

        assertThat(HeaderLists.toCaller(vendors).names()).containsExactlyInAnyOrder("Content-Type", "x-request-id",
                "x-ratelimit-remaining-tokens", "Retry-After", "openai-processing-ms");
    }

    private static int status(@Nullable OpenAiError error) {
        return Objects.requireNonNull(error, "not refused").status();
    }
}
