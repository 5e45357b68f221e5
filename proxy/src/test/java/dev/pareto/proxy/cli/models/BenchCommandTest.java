package dev.pareto.proxy.cli.models;

import static dev.pareto.proxy.cli.models.TokenizeCommandTest.fault;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.pareto.proxy.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BenchCommandTest {

    @TempDir
    private Path home;

    private Ran bench(String... arguments) {
        return Ran.command(new BenchCommand(), home, arguments);
    }

    @Test
    void theDocumentHasALineForEachTestAndNumberOfThreads() throws IOException {
        Path model = Ran.goldenModel("quant-Q4_0");
        Ran ran = bench(model.toString(), "-p", "8,16", "-n", "4", "-t", "1,2", "-r", "3", "--warm-up", "0", "--json");

        assertThat(ran.status()).as(ran.err()).isZero();
        JsonNode document = JsonMapper.shared().readTree(ran.out());
        assertThat(document.path("model").asString()).isEqualTo("quant-Q4_0");
        assertThat(document.path("type").asString()).isEqualTo("Q4_0");
        assertThat(document.path("bytes").asLong()).isEqualTo(Files.size(model));
        assertThat(document.path("bytes_per_token").asLong()).isBetween(1L, Files.size(model));
        assertThat(document.path("kernels").asString()).matches("scalar|vector-\\d+(\\+vnni)?");
        assertThat(document.path("warm_up").valueStream().map(one -> one.path("rounds").asInt())).containsExactly(1, 1);
        assertThat(document.path("results")
                .valueStream()
                .map(one -> one.path("threads") + " " + one.path("test").asString() + " " + one.path("tokens")))
                .containsExactly("1 prefill 8", "1 prefill 16", "1 decode 4", "2 prefill 8", "2 prefill 16",
                        "2 decode 4");
        for (JsonNode one : document.path("results")) {
            JsonNode speed = one.path("tokens_per_second");
            assertThat(speed.path("min").asDouble()).isPositive().isLessThanOrEqualTo(speed.path("median").asDouble());
            assertThat(speed.path("max").asDouble()).isGreaterThanOrEqualTo(speed.path("median").asDouble());
            assertThat(one.has("gigabytes_per_second")).isEqualTo(one.path("test").asString().equals("decode"));
        }
    }

    @Test
    void aPersonSeesATable() {
        Ran ran = bench(Ran.goldenModel("yi").toString(), "-p", "0", "--decode", "3", "-t", "1", "--repeat", "2",
                "--warm-up", "0");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out().lines()).hasSize(4)
                .last()
                .asString()
                .matches(" +1  decode 3 +\\d+\\.\\d  \\(\\d+\\.\\d - \\d+\\.\\d\\) +\\d+\\.\\d\\d");
    }

    @Test
    void theMedianIsInTheMiddleWhateverTheOrder() {
        assertThat(Speeds.of(List.of(5.0, 1.0, 9.0))).isEqualTo(new Speeds(5, 1, 9));
        assertThat(Speeds.of(List.of(9.0, 2.0, 4.0, 1.0))).isEqualTo(new Speeds(3, 1, 9));
        assertThat(Speeds.of(List.of(7.0))).isEqualTo(new Speeds(7, 7, 7));
    }

    @Test
    void whatCannotBeMeasuredIsOneLineThatSaysWhy() {
        String model = Ran.goldenModel("yi").toString();

        assertThat(fault(1, bench(model, "-n", "99999999"))).contains("99999999 tokens").contains("1 to ");
        assertThat(fault(1, bench(model, "-p", "0", "-n", "0"))).contains("nothing to measure");
        assertThat(fault(1, bench(model, "-t", "0"))).contains("--threads 0").contains("1 to 1024");
        assertThat(fault(1, bench(model, "-r", "0"))).contains("--repeat 0");
    }
}
