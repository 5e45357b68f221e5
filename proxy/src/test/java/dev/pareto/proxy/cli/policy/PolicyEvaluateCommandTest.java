package dev.pareto.proxy.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.proxy.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PolicyEvaluateCommandTest {

    @TempDir
    private Path folder;

    private static Ran evaluate(String... arguments) {
        List<String> all = new ArrayList<>(List.of("policy", "evaluate"));
        all.addAll(Arrays.asList(arguments));
        return Ran.of(all);
    }

    private String file(String name, int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            boolean hard = i % 2 == 0;
            text.append(String.format(Locale.ROOT,
                    "{\"id\": \"%s%d\", \"prompt\": \"%s %d\", \"models\": {\"big\": {\"score\": 1}, \"small\": {\"score\": %d}}}%n",
                    name,
                    i, hard ? "prove the theorem" : "say hello", i, hard && i % 10 != 0 ? 0 : 1));
        }
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void theTableStandsBesideTheBaselines() throws IOException {
        Ran ran = evaluate("--data", file("a.jsonl", 80), "--bootstrap", "20", "--folds", "3");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("big 1.0000, small 0.6000 on 80 prompts", "pareto ", "prompt length",
                "best constant",
                "random", "oracle");
    }

    @Test
    void oneDocumentIsPrintedAndThePictureDrawn() throws IOException {
        Path svg = folder.resolve("curve.svg");
        Ran ran = evaluate("--data", file("a.jsonl", 60), "--train", file("b.jsonl", 60), "--bootstrap", "0", "--floor",
                "0.2", "--svg",
                svg.toString(), "--json");
        assertThat(ran.status()).as(ran.err()).isZero();
        JsonNode root = JsonMapper.shared().readTree(ran.out());
        assertThat(root.path("n").asInt()).isEqualTo(60);
        assertThat(root.path("routers").path(0).path("apgr").asDouble()).isGreaterThan(0.6);
        assertThat(root.path("floors").size()).isEqualTo(3);
        assertThat(svg).content().startsWith("<svg");
    }

    @Test
    void whatIsWrongIsOneLine() throws IOException {
        Ran missing = evaluate("--data", folder.resolve("none.jsonl").toString());
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).contains("there is no file").doesNotContain("Exception");
        Ran few = evaluate("--data", file("few.jsonl", 5), "--json");
        assertThat(few.status()).isEqualTo(1);
        assertThat(few.out()).isEmpty();
        assertThat(few.err()).contains("at least 40 different labelled prompts, there are 5");
        Ran folds = evaluate("--data", file("a.jsonl", 60), "--folds", "1");
        assertThat(folds.err()).contains("2 to 20 folds, not 1");
    }
}
