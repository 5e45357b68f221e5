package dev.pareto.proxy;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;

import com.github.tomakehurst.wiremock.WireMockServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same calls with the vendor behind WireMock, with and without Pareto in between: the bodies are the same bytes. */
final class ByteIdentityTest {

    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final WireMockServer VENDOR = new WireMockServer(options().dynamicPort());

    private static Gateway gateway;

    /**
     * One recorded call.
     *
     * @param withUsage what the vendor sends where the usage of a stream is asked for; the same as {@code answer} when it does not
     *            matter
     */
    record Call(String name, String path, String request, int status, String type, String answer, String withUsage) {

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        VENDOR.start();
        gateway = Gateway.start(folder,
                "vendors: {openai: {dialect: openai, url: '" + VENDOR.baseUrl() + "', retries: 0}}\n");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        VENDOR.stop();
    }

    private static Call json(String name, String path, String request, int status, String answer) {
        return new Call(name, path, request, status, "application/json", answer, answer);
    }

    private static Call events(String name, String request, String answer, String withUsage) {
        return new Call(name, "/v1/chat/completions", request, 200, EVENTS, answer, withUsage);
    }

    static List<Call> calls() {
        String plain = new String(Payloads.stream(false).bytes(), StandardCharsets.UTF_8);
        String usage = new String(Payloads.stream(true).bytes(), StandardCharsets.UTF_8);
        String toolStream = tool(false) + "data: [DONE]\n\n";
        return List.of(json("plain", "/v1/chat/completions", Payloads.CHAT, 200, Payloads.ANSWER),
                json("odd blanks and unknown fields", "/v1/chat/completions",
                        "\n{ \"x_unknown\":{\"a\":[1e400,-0.0]},\t\"model\" : \"gpt-4o\",\r\n\"messages\":[] , \"seed\":1.0e0}\n ",
                        200,
                        "{\"model\":\"gpt-4o\" ,\n\n \"future\":{\"b\":null}, \"choices\":[{\"finish_reason\":\"stop\"}]}\r\n"),
                json("tool call", "/v1/chat/completions",
                        "{\"model\":\"gpt-4o\",\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}",
                        200,
                        "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\","
                                + "\"arguments\":\"{\\\"a\\\":\\\"\\\\u00e4\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}"),
                json("unicode, escaped and not", "/v1/chat/completions",
                        "{\"model\":\"gpt-4o\",\"messages\":[{\"content\":\"\\ud83d\\ude00 😀\"}]}",
                        200,
                        "{\"choices\":[{\"message\":{\"content\":\"\\ud83d\\ude00 😀 \\/ \\u0000\"},\"finish_reason\":\"stop\"}]}"),
                json("refusal", "/v1/chat/completions", Payloads.CHAT, 400,
                        "{\n  \"error\": {\"message\": \"no\", \"type\": \"invalid_request_error\", \"param\": null, \"code\": null}\n}"),
                json("rate limit", "/v1/chat/completions", Payloads.CHAT, 429,
                        "{\"error\":{\"message\":\"slow down\"}}"),
                json("server error that is no JSON", "/v1/chat/completions", Payloads.CHAT, 503, "<html>busy</html>"),
                events("stream", Payloads.CHAT_STREAM, plain, usage),
                events("stream, usage declined",
                        Payloads.CHAT_STREAM.replace("}]", "}],\"stream_options\":{\"include_usage\":false}"),
                        plain, usage),
                events("stream, usage wanted",
                        Payloads.CHAT_STREAM.replace("}]", "}],\"stream_options\":{\"include_usage\":true}"), usage,
                        usage),
                events("stream of tool calls", Payloads.CHAT_STREAM, toolStream,
                        tool(true) + Payloads.usageChunk() + "data: [DONE]\n\n"),
                events("stream with CRLF and comments", Payloads.CHAT_STREAM,
                        (": hi\n\n" + plain + ": bye\n\n").replace("\n", "\r\n"),
                        (": hi\n\n" + usage + ": bye\n\n").replace("\n", "\r\n")),
                events("stream of a vendor that ignores the wish for usage", Payloads.CHAT_STREAM, plain, plain),
                json("embeddings", "/v1/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":[\"a\",\"b\"]}",
                        200,
                        "{\"object\":\"list\",\"data\":[{\"embedding\":[ 0.1,-2E-9 ]}],\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2}}"),
                json("a path that Pareto does not know", "/v1/moderations", "{ \"input\" : \"x\" }", 200,
                        "{\"id\":\"modr-1\" , \"results\":[]}"));
    }

    private static String tool(boolean usage) {
        return Payloads.chunk(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                "null", usage)
                + Payloads.chunk(
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"usage\\\":null}\"}}]}",
                        "null", usage)
                + Payloads.chunk("{}", "\"tool_calls\"", usage);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void bodiesAreTheSameBytesWithAndWithoutPareto(Call call) {
        VENDOR.resetAll();
        VENDOR.stubFor(any(anyUrl()).willReturn(
                aResponse().withStatus(call.status()).withHeader("Content-Type", call.type()).withBody(call.answer())));
        VENDOR.stubFor(any(anyUrl()).withRequestBody(containing("\"include_usage\":true"))
                .willReturn(
                        aResponse().withStatus(call.status())
                                .withHeader("Content-Type", call.type())
                                .withBody(call.withUsage())));

        HttpResponse<byte[]> direct = send(URI.create(VENDOR.baseUrl()), call);
        HttpResponse<byte[]> through = send(gateway.url(), call);

        assertThat(through.statusCode()).isEqualTo(direct.statusCode());
        assertThat(through.headers().firstValue("content-type")).isEqualTo(direct.headers().firstValue("content-type"));
        assertThat(text(through)).isEqualTo(text(direct));
        List<byte[]> sent = VENDOR.getAllServeEvents().stream().map(event -> event.getRequest().getBody()).toList();
        if (!call.type().equals(EVENTS)) {
            assertThat(Stream.of(sent.getFirst(), sent.getLast())).as("what the vendor got")
                    .allSatisfy(bytes -> assertThat(bytes).isEqualTo(call.request().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.ISO_8859_1);
    }

    private static HttpResponse<byte[]> send(URI base, Call call) {
        return gateway.send(HttpRequest.newBuilder(base.resolve(call.path()))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer sk-1")
                .POST(HttpRequest.BodyPublishers.ofString(call.request()))
                .build());
    }
}
