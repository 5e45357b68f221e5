package dev.pareto.proxy;

import java.util.concurrent.ThreadFactory;

/** Threads that give way to those that serve requests, where the system lets them; nothing depends on that. */
public final class BackgroundThreads {

    /** Of the scheduler: a tenth of what a thread of calls weighs. */
    private static final int NICE = 10;

    private BackgroundThreads() {}

    @SuppressWarnings("ThreadPriorityCheck")
    public static ThreadFactory named(String name) {
        return work -> Thread.ofPlatform()
                .name(name)
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .unstarted(() -> {
                    // Linux's Java leaves priorities alone unless it is told otherwise
                    LinuxScheduler.giveWay(LinuxScheduler.THIS_THREAD, NICE);
                    work.run();
                });
    }
}
