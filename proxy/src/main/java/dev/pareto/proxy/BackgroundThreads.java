package dev.pareto.proxy;

import java.util.concurrent.ThreadFactory;

/** Threads that give way to those that serve requests, where the system lets them; nothing depends on that. */
public final class BackgroundThreads {

    private BackgroundThreads() {}

    @SuppressWarnings("ThreadPriorityCheck")
    public static ThreadFactory named(String name) {
        return Thread.ofPlatform().name(name).daemon().priority(Thread.MIN_PRIORITY).factory();
    }
}
