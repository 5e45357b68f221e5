package dev.pareto.proxy;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Threads that give way to those that serve requests, where the system lets them; nothing depends on that. */
public final class BackgroundThreads {

    /** Of the scheduler: a tenth of what a thread of calls weighs, who is let in at once when it wakes. */
    private static final int NICE = 10;
    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0;

    private static final @Nullable MethodHandle SET_PRIORITY = setPriority();

    private BackgroundThreads() {}

    @SuppressWarnings("ThreadPriorityCheck")
    public static ThreadFactory named(String name) {
        return work -> Thread.ofPlatform()
                .name(name)
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .unstarted(() -> {
                    giveWay();
                    work.run();
                });
    }

    /** Linux's Java leaves priorities alone unless it is told otherwise; a thread may always lower its own. */
    private static void giveWay() {
        if (SET_PRIORITY == null) {
            return;
        }
        try {
            int _ = (int) SET_PRIORITY.invokeExact(PRIO_PROCESS, THIS_THREAD, NICE);
        } catch (Throwable impossible) {
            throw new IllegalStateException("setpriority cannot be called", impossible);
        }
    }

    /** Only where 0 means the thread that calls, not its process. */
    @SuppressWarnings("restricted")
    private static @Nullable MethodHandle setPriority() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("setpriority")
                .map(symbol -> linker.downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
                .orElse(null);
    }
}
