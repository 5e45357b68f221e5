package dev.pareto.engine.fuzz;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * What a parser may do with one input: read it, or refuse it by an exception of one documented type, within a bounded time
 * and a bounded memory. Everything else leaves here as a throwable, which is what a fuzzer and a test look for.
 */
public final class Watched {

    /** Of the processor, not of the clock: a busy machine is no hang. One that never ends is the fuzzer's to stop. */
    static final Duration MOST_TIME = Duration.ofSeconds(5);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Watched() {}

    /**
     * Runs what reads an input.
     *
     * @param inputBytes the size of the input; twice as many bytes may be allocated, garbage included
     * @param floorBytes what may be allocated besides, however small the input is
     * @param refusal the documented type of refusal; it must say something
     */
    public static void run(int inputBytes, long floorBytes, Class<? extends RuntimeException> refusal, Runnable read) {
        // Classes that this input is the first to load cost time and memory, the more so where a fuzzer rewrites them.
        if (fault(inputBytes, floorBytes, refusal, read) != null) {
            String again = fault(inputBytes, floorBytes, refusal, read);
            if (again != null) {
                throw new AssertionError(again);
            }
        }
    }

    private static @Nullable String fault(int inputBytes, long floorBytes, Class<? extends RuntimeException> refusal,
            Runnable read) {
        long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
        long nanosBefore = THREADS.getCurrentThreadCpuTime();
        try {
            read.run();
        } catch (RuntimeException e) {
            String message = e.getMessage();
            if (!refusal.isInstance(e) || message == null || message.isBlank()) {
                throw e;
            }
        }
        var time = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - nanosBefore);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
        if (time.compareTo(MOST_TIME) > 0) {
            return "an input of " + inputBytes + " bytes took " + time.toMillis() + " ms; at most "
                    + MOST_TIME.toMillis()
                    + " are allowed";
        }
        if (allocated > 2L * inputBytes + floorBytes) {
            return "an input of " + inputBytes + " bytes allocated " + allocated + " bytes; at most "
                    + (2L * inputBytes + floorBytes) + " are allowed";
        }
        return null;
    }
}
