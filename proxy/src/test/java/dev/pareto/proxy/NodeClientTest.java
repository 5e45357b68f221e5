package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.World;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenAI's own client for Node, unchanged but for its address; skipped where Node or its packages cannot be had. */
@ExtendWith(World.Extension.class)
final class NodeClientTest {

    private static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();
    private static final Duration MOST = Duration.ofSeconds(90);

    private final World world;

    NodeClientTest(World world) {
        this.world = world;
    }

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        assumeThat(found("node") && found("npm")).as("Node and npm are not installed, so its client is not tested")
                .isTrue();
        if (!Files.isDirectory(FOLDER.resolve("node_modules/openai"))) {
            assumeThat(run(List.of("npm", "ci", "--ignore-scripts"), "").exit()).as("the packages cannot be had")
                    .isZero();
        }
    }

    @Test
    void plainStreamedToolsErrorsAndCancelWork() throws IOException, InterruptedException {
        world.openai.answers(request -> {
            if (request.body().contains("TOOL")) {
                return Script.json(200,
                        """
                        {"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":
                        "assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f",
                        "arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":1,
                        "total_tokens":2}}""");
            }
            if (request.body().contains("FAIL")) {
                return Script.json(429,
                        "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}");
            }
            if (request.body().contains("LEAVE")) {
                return Script.events(Payloads.chunk("{\"content\":\"one\"}", "null", true)).ending(Script.End.HANG);
            }
            if (request.body().contains("BREAK")) {
                return Script.events(Payloads.chunk("{\"content\":\"Hel\"}", "null", true)).ending(Script.End.CUT);
            }
            return Payloads.openAi(request);
        });

        Ended ended = run(List.of("node", "calls.mjs"), world.gateway.url() + "/v1");

        assertThat(ended.output().lines().toList()).as(ended.output())
                .containsExactly("plain Hello! How can I assist you today? 29",
                        "streamed Hello \"usage\":{ you stop 4", "usage 29", "tool f call_1",
                        "error 429 rate_limit_exceeded",
                        "unknown 404 model_not_found", "broken upstream_incomplete", "left 1", "models true");
        assertThat(ended.exit()).isZero();
        assertThat(world.openai.left().poll(5, TimeUnit.SECONDS)).as("the vendor saw the call being cancelled")
                .isNotNull();
    }

    private record Ended(int exit, String output) {}

    private static boolean found(String program) throws InterruptedException {
        try {
            return run(List.of(program, "--version"), "").exit() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private static Ended run(List<String> command, String baseUrl) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).directory(FOLDER.toFile())
                .redirectErrorStream(true);
        builder.environment().put("OPENAI_BASE_URL", baseUrl);
        builder.environment().put("OPENAI_API_KEY", "sk-of-the-caller");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), output);
    }
}
