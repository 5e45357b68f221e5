package dev.pareto.proxy.cli.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.proxy.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class VerdictCommandsTest {

    @TempDir
    private Path folder;
    private String records = "";

    @BeforeEach
    void write() throws IOException {
        records = folder.resolve("records.jsonl").toString();
        Files.writeString(Path.of(records), IntStream.range(0, 400)
                .mapToObj(i -> "{\"id\": %d, \"candidate\": %d, \"incumbent\": %d}\n".formatted(i, i % 20 == 0 ? 0 : 1,
                        i % 21 == 0 ? 0 : 1))
                .collect(Collectors.joining()));
    }

    @Test
    void aVerdictIsSaidWithBothOpinionsAndHoldsWhenChecked() throws IOException {
        Ran said = ran("verdict", "compute", records, "--margin", "0.05");
        assertThat(said.out()).contains("good enough at the stated margin of 5.0 points", "(tango-90)",
                "(newcombe-90)");
        Path verdict = compute("0.05");
        Ran checked = ran("verdict", "check", verdict.toString());
        assertThat(checked.out()).contains("statements checked hold");
        assertThat(checked.status()).isZero();
    }

    @Test
    void aForgedOrExpiredVerdictIsNamed() throws IOException {
        Path file = compute("0.05");
        ObjectNode verdict = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
        verdict.put("sentence", "better in every way").put("expires", "2020-01-01T00:00:00Z");
        Files.writeString(file, verdict.toString());
        Ran checked = ran("verdict", "check", file.toString());
        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.out()).contains("DOES NOT HOLD  sentence", "DOES NOT HOLD  sha256", "DOES NOT HOLD  expires",
                "It expired on 2020-01-01T00:00:00Z: it moves no traffic.");
        JsonNode json = JsonMapper.shared().readTree(ran("verdict", "check", file.toString(), "--json").out());
        assertThat(json.get("holds").asBoolean()).isFalse();
        assertThat(json.get("expired").asBoolean()).isTrue();
    }

    @Test
    void whatHoldsNoVerdictIsSaidOnce() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
        for (String name : List.of(empty.toString(), records)) {
            Ran walked = ran("verdict", "check", "--chain", name);
            assertThat(walked.status()).isEqualTo(1);
            assertThat(walked.out()).isEmpty();
            assertThat(walked.err()).contains(name.equals(records) ? "these are no verdicts" : "holds no verdict")
                    .hasLineCount(1);
        }
    }

    @Test
    void aChainOfVerdictsIsWalked() throws IOException {
        Path chain = folder.resolve("chain.jsonl");
        Files.writeString(chain, Files.readString(compute("0.05")) + "\n" + Files.readString(compute("0.06")));
        Ran walked = ran("verdict", "check", "--chain", chain.toString());
        assertThat(walked.status()).isEqualTo(1);
        assertThat(walked.out()).contains("previous_sha256", "it follows none", "2 verdicts, the newest ");
    }

    @Test
    void oddMarginsAndLevelsAreRefusedWithAWord() {
        for (List<String> odd : List.of(List.of("--margin", "0"), List.of("--margin", "1"), List.of("--margin", "2"))) {
            assertThat(compute(odd).err()).contains("is not within (0, 1); write 2 points as 0.02");
        }
        for (String alpha : List.of("0", "0.5", "1", "5", "NaN")) {
            assertThat(compute(List.of("--margin", "0.05", "--alpha", alpha)).err())
                    .contains("is not within (0, 0.5); write 5 % as 0.05");
        }
        assertThat(ran("verdict", "compute", folder.toString(), "--margin", "0.05").err()).contains("is a folder");
        assertThat(ran("verdict", "compute", "nowhere.jsonl", "--margin", "0.05").err())
                .contains("there is no file nowhere.jsonl");
        assertThat(ran("verdict", "check", "nowhere.json", "--newest", "x").err())
                .contains("--newest goes with --chain");
    }

    @Test
    void keysThatNobodyReadsAreNamedOnceBesideTheVerdict() throws IOException {
        Path file = Path.of(records);
        Files.writeString(file, Files.readString(file).replace("}", ", \"foo\": 1}"));
        Ran ran = compute(List.of("--margin", "0.05", "--json"));
        assertThat(ran.status()).isZero();
        assertThat(ran.err()).contains("note: ignored", "\"foo\" of a record").hasLineCount(1);
        assertThat(JsonMapper.shared().readTree(ran.out()).at("/data/n").asInt()).isEqualTo(400);
    }

    private static Ran ran(String... arguments) {
        return Ran.of(List.of(arguments));
    }

    private Ran compute(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("verdict", "compute", records));
        all.addAll(arguments);
        return Ran.of(all);
    }

    private Path compute(String margin) throws IOException {
        Path file = folder.resolve("verdict-" + margin + ".json");
        return Files.writeString(file, ran("verdict", "compute", records, "--margin", margin, "--json").out());
    }
}
