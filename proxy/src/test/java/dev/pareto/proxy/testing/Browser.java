package dev.pareto.proxy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Chromium without a window: what a page is after its scripts have run, and how it looks. */
public final class Browser {

    /** The machine's colours. */
    public enum Theme {
        DARK, LIGHT
    }

    /**
     * A page as it was shown.
     *
     * @param dom the document after its scripts have run
     * @param log what the browser complained of
     * @param brightness of the picture's mean pixel, 0 to 255
     */
    public record Shown(String dom, String log, double brightness) {}

    private final Path program;
    private final Path folder;

    private Browser(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /** @param folder for its profile; empty when there is none on the PATH */
    public static Optional<Browser> find(Path folder) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(place)::resolve))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new Browser(program, folder));
    }

    public Shown show(URI page, Theme theme) throws IOException, InterruptedException {
        Path dom = folder.resolve("page.html");
        Path log = folder.resolve("browser.log");
        Path picture = folder.resolve("page.png");
        Process process = new ProcessBuilder(List.of(program.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--user-data-dir=" + folder.resolve("profile"), "--virtual-time-budget=8000",
                "--enable-logging=stderr", "--window-size=1440,900", "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + (theme == Theme.DARK ? 0 : 1), "--screenshot=" + picture,
                "--dump-dom",
                page.toString()))
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("the browser ends by itself").isTrue();
        return new Shown(Files.readString(dom), Files.readString(log, UTF_8),
                brightness(ImageIO.read(picture.toFile())));
    }

    private static double brightness(BufferedImage picture) {
        long sum = 0;
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        for (int pixel : pixels) {
            sum += ((pixel >> 16) & 0xff) + ((pixel >> 8) & 0xff) + (pixel & 0xff);
        }
        return sum / (3.0 * pixels.length);
    }
}
