package dev.pareto.engine.machine;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;

/**
 * Programs that may be called. They take the addresses of weights, vectors and sums, and three numbers. Safe for use by
 * several threads; who calls one checks that it stays within what it is told to read and write.
 */
final class Programs {

    private static final int ALIGNMENT = 64;

    private final List<MemorySegment> entries;

    /**
     * Makes code executable.
     *
     * @throws IllegalStateException if the operating system refuses
     */
    Programs(List<byte[]> codes) {
        var all = new ByteArrayOutputStream();
        var starts = codes.stream().mapToInt(code -> {
            all.writeBytes(new byte[-all.size() & ALIGNMENT - 1]);
            int start = all.size();
            all.writeBytes(code);
            return start;
        }).toArray();
        var executable = new CodePages().executable(all.toByteArray());
        entries = Arrays.stream(starts).mapToObj(executable::asSlice).toList();
    }

    /** Linked when first called, which needs native access. */
    @SuppressWarnings("restricted") // asked for by MachineCode.lacks()
    private static final class Call {

        private static final MethodHandle HANDLE = Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    /**
     * Calls one.
     *
     * @param blocks of a row
     * @param groups of rows
     * @param yStride bytes from one vector's sums to the next one's
     */
    void run(int program, MemorySegment weights, MemorySegment x, MemorySegment y, long blocks, long groups,
            long yStride) {
        try {
            Call.HANDLE.invokeExact(entries.get(program), weights, x, y, blocks, groups, yStride);
        } catch (Throwable e) {
            throw e instanceof RuntimeException known ? known : new IllegalStateException("a program failed", e);
        }
    }
}
