package dev.pareto.engine.machine;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Quads;

/**
 * Weights in {@link Quads} times vectors in a {@link RoundedTile}, by programs in machine code that are written when this is
 * opened. A program reads and writes what it is told to, so everything is checked here before each call. A vector's products
 * are the same bit for bit whatever vectors there are beside it. Safe for use by several threads.
 */
public final class ByteProducts {

    /** Set to {@code false} to do without. */
    public static final String PROPERTY = "pareto.engine.machine-code";

    private static final int ALIGNMENT = 64;

    private final Map<WeightType, MemorySegment[]> programs = new EnumMap<>(WeightType.class);

    private ByteProducts() {
        var code = new ByteArrayOutputStream();
        var places = new EnumMap<WeightType, int[]>(WeightType.class);
        Arrays.stream(WeightType.values()).filter(Quads::supports).forEach(type -> {
            var starts = new int[RoundedTile.MOST];
            for (int i = 0; i < starts.length; i++) {
                while (code.size() % ALIGNMENT != 0) {
                    code.write(0);
                }
                starts[i] = code.size();
                code.writeBytes(TileCode.of(type, i + 1));
            }
            places.put(type, starts);
        });
        var executable = new CodePages().executable(code.toByteArray());
        places.forEach((type, starts) -> programs.put(type,
                Arrays.stream(starts).mapToObj(executable::asSlice).toArray(MemorySegment[]::new)));
    }

    /** Why this machine or this JVM cannot have it, with what to do where something helps; empty where it can. */
    public static String lacks() {
        if (!Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))) {
            return "-D" + PROPERTY + " turns it off";
        }
        var missing = Cpu.here().lacks();
        if (missing.isEmpty() && !ByteProducts.class.getModule().isNativeAccessEnabled()) {
            return "native access is not enabled; start Java with --enable-native-access=ALL-UNNAMED";
        }
        return missing;
    }

    /**
     * Writes the programs. Call it where nothing {@link #lacks}.
     *
     * @throws IllegalStateException if the operating system refuses memory that can be executed
     */
    public static ByteProducts open() {
        return new ByteProducts();
    }

    /** Linked when first called, which needs native access. */
    @SuppressWarnings("restricted") // asked for by lacks()
    private static final class Call {

        private static final MethodHandle HANDLE = Linker.nativeLinker()
                .downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    /**
     * Groups of rows times the vectors of a tile: {@code y[row - 32 * fromGroup]} of vector {@code t} is written, as a float,
     * at byte {@code t * yStride}.
     *
     * @param x exactly the tile, outside the heap
     * @param y outside the heap
     * @throws IndexOutOfBoundsException if the groups are not all there or y is too short
     * @throws IllegalArgumentException if x does not fit the weights or the tile, or lies in the heap as y may not either
     */
    public void multiply(Quads weights, int fromGroup, int toGroup, MemorySegment x, RoundedTile tile, MemorySegment y,
            long yStride) {
        int groups = toGroup - fromGroup;
        Objects.checkFromToIndex(fromGroup, toGroup, weights.groups());
        if (groups == 0) {
            return;
        }
        var matrix = weights.matrix();
        long rowBytes = (long) groups * Quads.ROWS * Float.BYTES;
        if (x.byteSize() != tile.bytes(matrix.columns()) || !x.isNative() || !y.isNative() || y.isReadOnly()
                || !weights.data().isNative()) {
            throw new IllegalArgumentException(x.byteSize() + " bytes of " + tile.tokens() + " vectors of "
                    + matrix.columns() + ", all memory outside the heap");
        }
        if (yStride < rowBytes || yStride > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("vectors' sums of " + rowBytes + " bytes lie " + yStride + " apart");
        }
        Objects.checkFromIndexSize(0, (tile.tokens() - 1) * yStride + rowBytes, y.byteSize());
        long at = weights.groupOffset(fromGroup);
        Objects.checkFromToIndex(at, weights.groupOffset(toGroup), weights.data().byteSize());
        var program = Objects.requireNonNull(programs.get(matrix.type()))[tile.tokens() - 1];
        try {
            Call.HANDLE.invokeExact(program, weights.data().asSlice(at), x, y,
                    (long) (matrix.columns() / matrix.type().blockElements()), (long) groups, yStride);
        } catch (Throwable e) {
            throw e instanceof RuntimeException known ? known : new IllegalStateException("a program failed", e);
        }
    }
}
