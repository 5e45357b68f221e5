package dev.pareto.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpuTest {

    private static final Set<String> ENOUGH = Set.of("fpu", "avx512f", "avx512bw", "avx512_vnni");

    @TempDir
    private Path folder;

    @Test
    void aMachineWithAllFlagsLacksNothing() {
        assertThat(new Cpu("Linux", "amd64", ENOUGH).lacks()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(new Cpu("Linux", "amd64", Set.of("fpu", "avx512f", "avx_vnni")).lacks())
                .isEqualTo("this CPU has no avx512bw, avx512_vnni");
        assertThat(new Cpu("Linux", "aarch64", ENOUGH).lacks()).contains("Linux on aarch64")
                .contains("amd64 is needed");
        assertThat(new Cpu("Mac OS X", "amd64", ENOUGH).lacks()).contains("Mac OS X");
    }

    @Test
    void flagsAreThoseOfTheFirstProcessor() throws IOException {
        var cpuinfo = Files.writeString(folder.resolve("cpuinfo"), """
                                                                   processor	: 0
                                                                   model name	: flags of all nations
                                                                   flags		: fpu avx512f  avx512bw avx512_vnni

                                                                   processor	: 1
                                                                   flags		: fpu
                                                                   """);
        assertThat(Cpu.flags(cpuinfo)).isEqualTo(ENOUGH);
        assertThat(Cpu.flags(folder.resolve("none"))).isEmpty();
        assertThat(Cpu.flags(Files.write(folder.resolve("bytes"), new byte[]{-1, -2, 10}))).isEmpty();
    }
}
