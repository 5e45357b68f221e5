package dev.pareto.proxy.cli.models;

import static dev.pareto.proxy.cli.models.TokenizeCommandTest.fault;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

import dev.pareto.proxy.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LogitsCommandTest {

    @TempDir
    private Path home;

    private Ran logits(String... arguments) {
        return Ran.command(new LogitsCommand(), home, arguments);
    }

    @Test
    void theDocumentHasTheLogitsOfTheReference() throws IOException {
        Path model = Ran.goldenModel("yi");
        JsonNode prompt = JsonMapper.shared()
                .readTree(Files.readString(model.resolveSibling("yi.json")))
                .path("prompts")
                .get(0);
        Ran ran = logits(model.toString(), "--tokens", joined(prompt.path("tokens")), "--positions",
                joined(prompt.path("rows")), "--context", "256", "--json");

        assertThat(ran.status()).as(ran.err()).isZero();
        JsonNode document = JsonMapper.shared().readTree(ran.out());
        assertThat(document.propertyNames()).containsExactly("positions", "logits");
        assertThat(document.path("positions")).isEqualTo(prompt.path("rows"));
        FloatBuffer reference = npy(model.resolveSibling("yi.logits.npy"));
        double difference = 0;
        double squares = 0;
        for (JsonNode row : document.path("logits")) {
            for (JsonNode logit : row) {
                double expected = reference.get();
                difference += Math.pow(logit.asDouble() - expected, 2);
                squares += expected * expected;
            }
        }
        assertThat(squares).isPositive();
        assertThat(difference / squares).as("NMSE").isLessThan(1e-5);
    }

    private static String joined(JsonNode numbers) {
        return numbers.valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
    }

    /** Little-endian floats, row by row, after a header whose length stands at byte 8. */
    private static FloatBuffer npy(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        return all.position(10 + Short.toUnsignedInt(all.getShort(8)))
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    }

    @Test
    void positionsAreNumbersTheLastOrAll() {
        String model = Ran.goldenModel("yi").toString();

        assertThat(positions(logits(model, "--tokens", "1,2,3", "--json"))).isEqualTo("2");
        assertThat(positions(logits(model, "--tokens", "1, 2, 3", "--positions", "1,last", "--json"))).isEqualTo("1,2");
        assertThat(positions(logits(model, "--tokens", "1,2,3", "--positions", "all", "--json"))).isEqualTo("0,1,2");
    }

    @Test
    void aContextMayBeLongerThanTheModels() {
        String model = Ran.goldenModel("yi").toString();

        assertThat(positions(logits(model, "--tokens", "1,2,3", "--context", "99999999", "--json"))).isEqualTo("2");
    }

    private static String positions(Ran ran) {
        assertThat(ran.status()).as(ran.err()).isZero();
        return joined(JsonMapper.shared().readTree(ran.out()).path("positions"));
    }

    @Test
    void aPersonSeesTheTenLikeliestTokensOfEachPosition() {
        Ran ran = logits("support-desk", "--tokens", "1,2,3", "--positions", "0,last");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out().lines().filter(line -> line.startsWith("after position "))).hasSize(2);
        assertThat(ran.out().lines().filter(line -> line.matches(" +-?\\d+\\.\\d{4} +\\d+\\.\\d\\d %  \\d+ .+")))
                .hasSize(20);
    }

    @Test
    void whatCannotBeIsOneLineThatSaysHowToMendIt() {
        String model = Ran.goldenModel("yi").toString();

        assertThat(fault(1, logits(model, "--tokens", "1,2,3", "--positions", "3"))).contains("0 to 2");
        assertThat(fault(1, logits(model, "--tokens", "1,2,3", "--positions", "first"))).contains("first")
                .contains("last");
        assertThat(fault(1, logits(model, "--tokens", "123456789"))).contains("token 123456789");
        assertThat(fault(1, logits(model, "--tokens", "1,2,3", "--context", "2"))).contains("3 tokens").contains("2 ");
        assertThat(fault(1, logits(model, "--tokens", "1", "--context", "0"))).contains("at least one");
        assertThat(fault(2, Ran.models(home, "logits", model))).contains("--tokens");
        assertThat(fault(2, Ran.models(home, "logits", model, "--tokens", "one"))).contains("--tokens");
    }
}
