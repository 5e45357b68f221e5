package dev.pareto.proxy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Linux's shares of the processors, which a thread may always lower for itself and for others of its process. Elsewhere, and where the
 * system forbids it, nothing happens; nothing depends on that. Thread-safe.
 *
 * <p>A low share is not enough: whoever has begun its slice keeps the processor until the next tick, up to 4 ms, while others that have
 * been woken wait. From Linux 6.12 on a thread may ask for a longer slice, and those of shorter ones are then let in as soon as they wake.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sched_setattr.2.html">sched_setattr(2)</a>
 * @see <a href="https://docs.kernel.org/scheduler/sched-eevdf.html">EEVDF</a>
 */
final class LinuxScheduler {

    /** The one who calls. */
    static final int THIS_THREAD = 0;

    /** The longest that may be asked for. */
    private static final long SLICE_NANOS = 100_000_000;
    private static final int PRIO_PROCESS = 0;
    private static final int LOWEST = 19;

    /** {@code struct sched_attr} in its first version; the policy and all that is not set here are 0. */
    private static final int ATTRIBUTES = 48;
    private static final int SIZE_AT = 0;
    private static final int NICE_AT = 16;
    private static final int RUNTIME_AT = 24;

    /** C's library has no function of this name. */
    private static final Map<String, Long> SCHED_SETATTR = Map.of("amd64", 314L, "aarch64", 274L);

    private static final @Nullable LinuxScheduler SYSTEM = find();

    private final MethodHandle getPriority;
    private final MethodHandle setPriority;
    private final MethodHandle systemCall;

    private LinuxScheduler(MethodHandle getPriority, MethodHandle setPriority, MethodHandle systemCall) {
        this.getPriority = getPriority;
        this.setPriority = setPriority;
        this.systemCall = systemCall;
    }

    /**
     * @param thread its number in the system
     * @param nice what its nice value is at least from now on, above 0
     */
    static void giveWay(int thread, int nice) {
        if (SYSTEM != null) {
            SYSTEM.lower(thread, nice);
        }
    }

    private void lower(int thread, int nice) {
        try (Arena arena = Arena.ofConfined()) {
            int now = (int) getPriority.invokeExact(PRIO_PROCESS, thread);
            int wanted = Math.min(LOWEST, Math.max(now, nice));
            Long number = SCHED_SETATTR.get(System.getProperty("os.arch", ""));
            if (number == null || (long) systemCall.invokeExact((long) number, thread,
                    attributes(arena, wanted), 0) != 0) {
                int _ = (int) setPriority.invokeExact(PRIO_PROCESS, thread, wanted);
            }
        } catch (Throwable impossible) {
            throw new IllegalStateException("the scheduler cannot be called", impossible);
        }
    }

    private static MemorySegment attributes(Arena arena, int nice) {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, Long.BYTES);
        attributes.set(ValueLayout.JAVA_INT, SIZE_AT, ATTRIBUTES);
        attributes.set(ValueLayout.JAVA_INT, NICE_AT, nice);
        attributes.set(ValueLayout.JAVA_LONG, RUNTIME_AT, SLICE_NANOS);
        return attributes;
    }

    /** Only on Linux does 0 mean the thread that calls, not its process. */
    @SuppressWarnings("restricted")
    private static @Nullable LinuxScheduler find() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        var names = linker.defaultLookup();
        var number = ValueLayout.JAVA_INT;
        return new LinuxScheduler(
                linker.downcallHandle(names.findOrThrow("getpriority"), FunctionDescriptor.of(number, number, number)),
                linker.downcallHandle(names.findOrThrow("setpriority"),
                        FunctionDescriptor.of(number, number, number, number)),
                linker.downcallHandle(names.findOrThrow("syscall"),
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, number, ValueLayout.ADDRESS,
                                number),
                        Linker.Option.firstVariadicArg(1)));
    }
}
