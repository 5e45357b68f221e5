package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static int nice() throws java.io.IOException {
        String stat = Files.readString(OF_THIS_THREAD);
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE]);
    }
}
