package dev.pareto.proxy.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.proxy.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PolicyCheckCommandTest {

    private static final String SOUND = """
                                        vendors:
                                          v: {dialect: openai, url: http://v, models: {m: {prices: [{from: 2020-01-01, input: 1, output: 1}]}}}
                                        routes: {r: {candidates: [v/m], policy: p}}
                                        policies: {p: {minimise: cost%s}}
                                        """;

    @TempDir
    private Path folder;

    private Ran check(String yaml, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"), yaml);
        return Ran.of(Stream
                .concat(List.of("policy", "check", "--config", file.toString()).stream(), List.of(more).stream())
                .toList());
    }

    @Test
    void everythingIsExplainedAndWhatIsSoundPasses() throws IOException {
        Ran ran = check(SOUND.formatted(""));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("route r: policy p chooses among [v/m].", "policy p: takes the cheapest;",
                "Nothing stands out.");
    }

    @Test
    void anErrorEndsWithOneAndIsInTheDocument() throws IOException {
        Ran ran = check(SOUND.formatted(", subject-to: {cost: {at-most: 0.0000001 USD}}"), "--json");
        assertThat(ran.status()).isEqualTo(1);
        JsonNode root = JsonMapper.shared().readTree(ran.out());
        assertThat(root.path("remarks").path(0).path("weight").asString()).isEqualTo("ERROR");
        assertThat(root.path("policies").path("p").asString()).startsWith("takes the cheapest");
    }

    @Test
    void aRefusedFileIsToldWithItsPlace() throws IOException {
        Ran ran = check(SOUND.formatted(", rules: [{when: token > 3, subject-to: {cost: {at-most: 1 USD}}}]"));
        assertThat(ran.status()).isNotZero();
        assertThat(ran.err()).contains("pareto.yaml:4", "'token' is not known; did you mean 'tokens'?");
    }
}
