package dev.pareto.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CodePagesTest {

    @BeforeEach
    void needsTheSystem() {
        assumeThat(MachineCode.lacks()).isEmpty();
    }

    private static MemorySegment answer(int number) {
        var assembler = new Assembler();
        assembler.set(Assembler.RAX, number);
        assembler.leave();
        return new CodePages().executable(assembler.bytes());
    }

    @Test
    @SuppressWarnings("restricted") // tests run with native access
    void codeRuns() throws Throwable {
        var function = Linker.nativeLinker().downcallHandle(answer(42), FunctionDescriptor.of(ValueLayout.JAVA_INT));
        assertThat((int) function.invokeExact()).isEqualTo(42);
    }

    @Test
    void whatCanBeExecutedCannotBeWritten() throws IOException {
        var code = answer(1);
        assertThat(permissions(code.address())).isEqualTo("r-xp");
        assertThatThrownBy(() -> code.set(ValueLayout.JAVA_BYTE, 0, (byte) 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String permissions(long address) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.map(line -> line.split("[- ]", 3))
                    .filter(part -> Long.compareUnsigned(Long.parseUnsignedLong(part[0], 16), address) <= 0
                            && Long.compareUnsigned(address, Long.parseUnsignedLong(part[1], 16)) < 0)
                    .map(part -> part[2].substring(0, 4))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
