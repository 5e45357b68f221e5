package dev.pareto.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.Shared;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.machine.MachineCode;

final class KernelsTest {

    @Test
    void theBestKernelsOfThisJvmComputeWhatTheyShould() {
        new KernelCases(Kernels.best()).all();
    }

    @Test
    void theKernelsWithoutMachineCodeComputeWhatTheyShould() {
        var kernels = Kernels.withoutMachineCode();
        assertThat(kernels.machineCode()).isNull();
        new KernelCases(kernels).all();
    }

    @Test
    void theScalarKernelsComputeWhatTheyShould() {
        new KernelCases(Kernels.scalar()).all();
    }

    /** Static vector species are fixed when a JVM starts, so each width needs a JVM of its own. */
    @ParameterizedTest
    @CsvSource({"16, vector-128", "32, vector-256"})
    void narrowerVectorsComputeWhatTheyShould(int bytes, String expected) throws Exception {
        assumeThat(Kernels.best().lanes() * Float.BYTES)
                .as("bytes of a vector of this CPU")
                .isGreaterThanOrEqualTo(bytes);
        assertThat(child(expected, "--add-modules=jdk.incubator.vector", "-XX:MaxVectorSize=" + bytes))
                .contains("passed on " + expected);
    }

    @Test
    void machineCodeIsTurnedOffByAPropertyAndByWhatItLacks() throws Exception {
        var width = "vector-" + Kernels.best().lanes() * Float.SIZE;
        assertThat(child(width, "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-D" + MachineCode.PROPERTY + "=false")).contains("-D" + MachineCode.PROPERTY + " turns it off");
        assumeThat(Kernels.best().machineCode()).as(Kernels.best().why()).isNotNull();
        assertThat(child(width, "--add-modules=jdk.incubator.vector"))
                .contains("native access is not enabled; start Java with --enable-native-access=ALL-UNNAMED");
        assertThat(child(width + "+vnni", "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED")).contains("passed on " + width + "+vnni");
    }

    @Test
    void withoutTheModuleTheScalarKernelsRunAndSayHowToGetTheOthers() throws Exception {
        assertThat(child("scalar")).contains("passed on scalar")
                .contains("start Java with --add-modules=jdk.incubator.vector");
    }

    private static String child(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m"));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelCases.class.getName(),
                arguments[0]));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @ParameterizedTest
    @EnumSource(value = WeightType.class, names = {"F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "IQ4_NL",
            "MXFP4", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_XS"})
    void rawBlocksHaveTheValuesOfTheReference(WeightType type) throws IOException {
        var raw = Files.readAllBytes(Shared.path("golden/blocks").resolve(type + ".bin"));
        var expected = new float[4096];
        ByteBuffer.wrap(Files.readAllBytes(Shared.path("golden/blocks").resolve(type + ".f32")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(expected);
        try (var arena = Arena.ofConfined()) {
            var data = arena.allocate(raw.length);
            data.copyFrom(MemorySegment.ofArray(raw));
            for (var kernels : List.of(Kernels.best(), Kernels.scalar())) {
                var actual = new float[4096];
                kernels.dequantise(type, data, 0, 4096, actual, 0);
                assertThat(actual).as(kernels.name()).containsExactly(expected);
            }
        }
    }
}
