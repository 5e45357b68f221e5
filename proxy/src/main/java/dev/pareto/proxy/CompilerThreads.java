package dev.pareto.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads with which the JVM compiles what runs often. They work for minutes after a start and whenever something new is called, and
 * where processors are few, calls wait behind them.
 */
public final class CompilerThreads {

    private static final Logger LOG = LoggerFactory.getLogger(CompilerThreads.class);
    private static final Path THREADS = Path.of("/proc/self/task");
    /** A third of what a thread of calls weighs: what is compiled late runs slowly for longer. */
    private static final int NICE = 5;

    private CompilerThreads() {}

    /** Lets calls go before those that exist; threads that these start do as they do. */
    public static void giveWay() {
        if (!Files.isDirectory(THREADS)) {
            return;
        }
        try (Stream<Path> threads = Files.list(THREADS)) {
            List<Path> compilers = threads.filter(CompilerThreads::compiles).toList();
            compilers
                    .forEach(thread -> LinuxScheduler.giveWay(Integer.parseInt(thread.getFileName().toString()), NICE));
        } catch (IOException | UncheckedIOException unreadable) {
            LOG.debug("The compiler's threads cannot be found: {}", unreadable.toString());
        }
    }

    /** Linux keeps 15 characters of a name. */
    private static boolean compiles(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).matches("C[12] CompilerThre\\R");
        } catch (IOException ended) {
            return false;
        }
    }
}
