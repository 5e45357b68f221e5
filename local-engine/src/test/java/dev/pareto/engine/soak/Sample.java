package dev.pareto.engine.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.LoadedModel;

/**
 * What the process and the models hold at one moment, after a collection of garbage.
 *
 * @param anonymousMb memory of the process that is no file's, heap included; 0 where the system does not tell
 * @param threads platform threads of the engine
 */
record Sample(double seconds, double heapMb, double directMb, double anonymousMb, int threads, List<EngineLoad> loads,
        long requests, long ends) {

    private static final double MB = 1 << 20;
    private static final Path STATUS = Path.of("/proc/self/status");
    static final String HEADING = "  time  requests   open  heap MB  direct  process  threads"
            + "  run/wait  pages used/promised/kept";

    Sample {
        loads = List.copyOf(loads);
    }

    static Sample take(double seconds, List<LoadedModel> models, Counts counts) {
        System.gc();
        long ends = counts.ends();
        return new Sample(seconds, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MB,
                direct() / MB,
                anonymousKb() / 1024.0, engineThreads(), models.stream().map(LoadedModel::load).toList(),
                counts.requests(), ends);
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
                .stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long anonymousKb() {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of models and of the pool; listeners are no platform threads. */
    static int engineThreads() {
        return (int) Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> thread.getName().startsWith("pareto-"))
                .count();
    }

    String row() {
        var row = new StringBuilder(
                String.format(Locale.ROOT, "%5.0f s %9d %6d %8.1f %7.1f %8.0f %8d ", seconds, requests, requests - ends,
                        heapMb, directMb, anonymousMb, threads));
        for (var load : loads) {
            var pages = load.pages();
            row.append(String.format(Locale.ROOT, " %2d/%-2d", load.running(), load.waiting()))
                    .append(String.format(Locale.ROOT, " %d/%d/%d of %d ", pages.inUse(), pages.promised(),
                            pages.kept(),
                            pages.total()));
        }
        return row.toString();
    }
}
