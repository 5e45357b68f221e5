package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class BackgroundThreadsTest {

    private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/stat");
    /** Behind the name of the program, which may hold blanks. */
    private static final int NICE = 16;

    @Test
    @EnabledOnOs(OS.LINUX)
    void giveWayAndLeaveOtherThreadsAlone() throws Exception {
        int before = nice();
        try (ExecutorService background = Executors.newSingleThreadExecutor(BackgroundThreads.named("pareto-test"))) {
            assertThat(background.submit(BackgroundThreadsTest::nice).get()).isEqualTo(10);
        }
        assertThat(nice()).isEqualTo(before).isLessThan(10);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void letWokenThreadsInBeforeTheirSliceEnds() throws Exception {
        String before = slice();
        assumeThat(before).as("the slice, which Linux tells from 6.12 on").isNotEmpty();
        try (ExecutorService background = Executors.newSingleThreadExecutor(BackgroundThreads.named("pareto-test"))) {
            assertThat(background.submit(BackgroundThreadsTest::slice).get()).isEqualTo("100000000");
        }
        assertThat(slice()).isEqualTo(before);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void areNotRaisedWhereTheyWereLowerAlready() throws Exception {
        try (ExecutorService background = Executors.newSingleThreadExecutor(BackgroundThreads.named("pareto-test"))) {
            assertThat(background.submit(() -> {
                LinuxScheduler.giveWay(LinuxScheduler.THIS_THREAD, 5);
                return nice();
            }).get()).isEqualTo(10);
        }
    }

    /** Empty where the system does not tell. */
    private static String slice() throws IOException {
        Path told = Path.of("/proc/thread-self/sched");
        return !Files.isReadable(told)
                ? ""
                : Files.readAllLines(told)
                        .stream()
                        .filter(line -> line.startsWith("se.slice"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("");
    }

    static int nice() throws IOException {
        return niceIn(Files.readString(OF_THIS_THREAD));
    }

    static int niceIn(String stat) {
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE]);
    }
}
