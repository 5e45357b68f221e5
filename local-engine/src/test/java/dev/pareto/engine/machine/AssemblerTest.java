package dev.pareto.engine.machine;

import static dev.pareto.engine.machine.Assembler.all;
import static dev.pareto.engine.machine.Assembler.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.gguf.WeightType;

/** Encodings as GNU binutils 2.40 writes them; where objdump is installed it reads the programs back besides. */
final class AssemblerTest {

    private static final Path OBJDUMP = Path.of("/usr/bin/objdump");

    @TempDir
    private Path folder;

    private static String hex(Consumer<Assembler> writer) {
        var assembler = new Assembler();
        writer.accept(assembler);
        return HexFormat.of().formatHex(assembler.bytes());
    }

    @Test
    void registersOfAllThirtyTwoAreEncoded() {
        assertThat(hex(a -> a.op(Op.VPDPBUSD, 0, 1, 2))).isEqualTo("62f2754850c2");
        assertThat(hex(a -> a.op(Op.VPDPBUSD, 31, 27, 28))).isEqualTo("6202254050fc");
        assertThat(hex(a -> a.op(Op.VPDPBUSD, 12, 16, 9))).isEqualTo("62527d4050e1");
        assertThat(hex(a -> a.op(Op.VCVTDQ2PS, 17, 14))).isEqualTo("62c17c485bce");
    }

    @Test
    void displacementsAreCountedInElementsOrWrittenWhole() {
        assertThat(hex(a -> a.op(Op.VMOVDQU32, 26, at(Assembler.RDI, 128)))).isEqualTo("62617e486f5702");
        assertThat(hex(a -> a.op(Op.VMOVDQU32, 26, at(Assembler.RDI, 0)))).isEqualTo("62617e486f17");
        assertThat(hex(a -> a.op(Op.VMOVDQU32, 26, at(Assembler.RDI, 130)))).isEqualTo("62617e486f9782000000");
        assertThat(hex(a -> a.op(Op.VMULPS, 3, 24, all(Assembler.RAX, 12)))).isEqualTo("62f13c50595803");
        assertThat(hex(a -> a.op(Op.VCVTPH2PS, 25, at(Assembler.R11, 32)))).isEqualTo("62427d48134b01");
        assertThatThrownBy(() -> hex(a -> a.op(Op.VMOVDQU32, 1, at(12, 0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void generalInstructionsKeepToSixtyFourBits() {
        assertThat(hex(a -> a.move(Assembler.RAX, Assembler.RSI))).isEqualTo("4889f0");
        assertThat(hex(a -> a.move(Assembler.R10, Assembler.RCX))).isEqualTo("4989ca");
        assertThat(hex(a -> a.add(Assembler.R11, Assembler.R9))).isEqualTo("4d01cb");
        assertThat(hex(a -> a.addConstant(Assembler.RDX, 128))).isEqualTo("4881c280000000");
        assertThat(hex(a -> a.decrement(Assembler.R8))).isEqualTo("49ffc8");
        assertThat(hex(a -> a.set(Assembler.RBX, 8))).isEqualTo("bb08000000");
        assertThat(hex(a -> a.jumpIfNotZero(0))).isEqualTo("0f85faffffff");
        assertThat(hex(Assembler::leave)).isEqualTo("c5f877c3");
    }

    @ParameterizedTest
    @EnumSource(value = WeightType.class, names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void aDisassemblerReadsEveryProgramToItsEnd(WeightType type) throws IOException, InterruptedException {
        assumeThat(OBJDUMP).exists();
        for (int tokens = 1; tokens <= RoundedTile.MOST; tokens++) {
            var file = Files.write(folder.resolve("code"), TileCode.of(type, tokens));
            var process = new ProcessBuilder(OBJDUMP.toString(), "-D", "-b", "binary", "-m", "i386:x86-64", "-M",
                    "intel",
                    file.toString()).redirectErrorStream(true).start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            int vectors = tokens;
            assertThat(text).doesNotContain("(bad)").doesNotContain("{k");
            assertThat(text.lines().filter(line -> line.contains("vpdpbusd")).count()).isEqualTo(16L * vectors);
            assertThat(text.strip()).endsWith("ret");
            assertThat(count(text, "push")).isEqualTo(count(text, "pop "));
            for (var kept : List.of("rbp,", "r12,", "r13,", "r14,", "r15,")) {
                assertThat(text).doesNotContain(kept);
            }
        }
    }

    private static long count(String text, String word) {
        return text.lines().filter(line -> line.contains(word)).count();
    }
}
