package dev.pareto.proxy.testing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chromium without a window: what a page is after its scripts have run, how it looks, and who cannot use it. */
public final class Browser implements AutoCloseable {

    public static final int DESK = 1440;
    public static final int TABLET = 768;
    public static final int PHONE = 375;

    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** A page that was still for so many looks in a row will not ask for anything more. */
    private static final int LOOKS_AFTER_LOADING = 3;
    /** Other colours or another width ask for nothing: the frame that they change, and the one in which what measures itself follows. */
    private static final int LOOKS_AFTER_DRESSING = 2;

    /** Looks at each frame; the frame after the one that is whole is on the screen. */
    private static final String FIRST_VIEW = """
                                             const look = () => document.querySelector(
                                                 '#main :is([data-figure], .value, table tbody tr, .chart > *, li, .empty, .card)')
                                               && !document.querySelector('#main :is([aria-busy=true], .bone, .chart:empty)')
                                               ? requestAnimationFrame(() => { window.paretoSeen = performance.now(); })
                                               : requestAnimationFrame(look);
                                             requestAnimationFrame(look);""";

    /** The machine's colours. */
    public enum Theme {
        DARK, LIGHT
    }

    /**
     * A page as it was shown.
     *
     * @param dom the document after its scripts have run
     * @param log what the browser complained of
     * @param overflow by how many pixels the page is wider than the window
     */
    public record Shown(String dom, String log, int overflow) {}

    private final Process process;
    private final DevTools tools;
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    private Browser(Process process, URI address) {
        this.process = process;
        this.tools = new DevTools(address, this::heard);
        String target = tools.ask("Target.createTarget", Map.of("url", "about:blank")).path("targetId").asString();
        tools.speakTo(tools.ask("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString());
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            tools.ask(domain + ".enable", Map.of());
        }
    }

    /** @param folder for its profile; empty when there is none on the PATH */
    public static Optional<Browser> start(Path folder) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(place)::resolve))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> start(program, folder));
    }

    /** Nobody goes back: pages kept for that would only be in the way of the next. */
    private static Browser start(Path program, Path folder) {
        Path profile = folder.resolve("profile");
        try {
            Process process = new ProcessBuilder(List.of(program.toString(), "--headless", "--no-sandbox",
                    "--disable-gpu", "--disable-features=BackForwardCache", "--disable-quic", "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + profile,
                    "--remote-debugging-port=0", "about:blank"))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("browser.log").toFile())
                    .start();
            Path door = profile.resolve("DevToolsActivePort");
            Await.until("the browser listens", LONGEST, () -> !process.isAlive() || lines(door).size() == 2);
            List<String> port = lines(door);
            if (port.size() != 2) {
                throw new IllegalStateException(
                        "the browser did not start: " + Files.readString(folder.resolve("browser.log")));
            }
            return new Browser(process, URI.create("ws://127.0.0.1:" + port.get(0) + port.get(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void heard(String method, JsonNode what) {
        switch (method) {
            case "Network.requestWillBeSent" -> underWay.add(what.path("requestId").asString(""));
            case "Network.loadingFinished", "Network.loadingFailed" -> underWay
                    .remove(what.path("requestId").asString(""));
            case "Log.entryAdded" ->
                log.add(what.at("/entry/text").asString("") + " " + what.at("/entry/url").asString(""));
            case "Runtime.exceptionThrown" -> log.add("Uncaught " + what.path("exceptionDetails"));
            case "Runtime.consoleAPICalled" -> log.add(what.path("type").asString("") + " " + what.path("args"));
            default -> {
                // of no interest
            }
        }
    }

    /** On a desk's screen. */
    public Shown show(URI page, Theme theme) {
        return show(page, theme, DESK);
    }

    /** @param width of the window in pixels */
    public Shown show(URI page, Theme theme, int width) {
        dress(theme, width);
        tools.ask("Page.navigate", Map.of("url", "about:blank"));
        underWay.clear();
        log.clear();
        tools.ask("Page.navigate", Map.of("url", page.toString()));
        settle(LOOKS_AFTER_LOADING);
        return shown();
    }

    /**
     * The page shown last in other colours and another width, without loading it anew.
     *
     * @return with all that the browser complained of since the page began to load
     */
    public Shown again(Theme theme, int width) {
        dress(theme, width);
        settle(LOOKS_AFTER_DRESSING);
        return shown();
    }

    /** What the browser complained of since the last page began to load. */
    public String complaints() {
        return String.join("\n", log);
    }

    private void dress(Theme theme, int width) {
        tools.ask("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        tools.ask("Emulation.setEmulatedMedia",
                Map.of("features", List.of(
                        Map.of("name", "prefers-color-scheme", "value", theme.name().toLowerCase(Locale.ROOT)),
                        Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    private Shown shown() {
        return new Shown(text("document.documentElement.outerHTML"), complaints(), overflow());
    }

    /** Against what is laid out for: a telephone's inner width grows with what is wider than it. */
    private int overflow() {
        return (int) Math.round(
                evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth").asDouble(0));
    }

    /**
     * Milliseconds from the start of the way to a page until its main figures (or its table or list) are painted and nothing of it is
     * still a placeholder. Nothing of the page before stays in the browser's memory but its files.
     */
    public double firstView(URI page) {
        tools.ask("Page.navigate", Map.of("url", "about:blank"));
        String script = tools.ask("Page.addScriptToEvaluateOnNewDocument", Map.of("source", FIRST_VIEW))
                .path("identifier")
                .asString("");
        tools.ask("Page.navigate", Map.of("url", page.toString()));
        try {
            double[] seen = {0};
            Await.until("the page is seen", LONGEST, () -> {
                seen[0] = evaluate("window.paretoSeen || 0").asDouble(0);
                return seen[0] > 0;
            });
            return seen[0];
        } finally {
            tools.ask("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
        }
    }

    /** Loaded, nothing under way, and drawn. */
    private void settle(int looks) {
        int[] quiet = {0};
        Await.until("the page is drawn", LONGEST, () -> {
            boolean still = evaluate("""
                                     new Promise(drawn => requestAnimationFrame(() => setTimeout(() => drawn(
                                       location.href !== 'about:blank' && document.readyState === 'complete'
                                       && !document.querySelector('[aria-busy=true], .bone, .chart:empty')), 30)))""")
                    .asBoolean(false);
            quiet[0] = still && underWay.isEmpty() ? quiet[0] + 1 : 0;
            return quiet[0] == looks;
        });
    }

    /** What a script in the page comes to; promises are waited for. The page's content policy does not bind it. */
    public JsonNode evaluate(String script) {
        JsonNode told = tools.ask("Runtime.evaluate",
                Map.of("expression", script, "awaitPromise", true, "returnByValue", true));
        if (told.has("exceptionDetails")) {
            throw new IllegalStateException(told.path("exceptionDetails").toString());
        }
        return told.at("/result/value");
    }

    private String text(String script) {
        return evaluate(script).asString("");
    }

    /**
     * What keeps people from using the page shown last, by axe-core.
     *
     * @param axe its source
     * @return serious and critical ones: rule, what it demands, and where
     */
    public List<String> barriers(String axe) {
        if (text("typeof axe").equals("undefined")) {
            evaluate("(() => {" + axe + "\n})()");
        }
        JsonNode found = JsonMapper.shared()
                .readTree(text(
                        """
                        axe.run(document, {resultTypes: ['violations']})
                          .then(({violations, passes}) => JSON.stringify({violations, passes: passes.length}))"""));
        if (found.path("passes").asInt(0) == 0) {
            throw new IllegalStateException("axe looked at nothing");
        }
        List<String> barriers = new ArrayList<>();
        for (JsonNode one : found.path("violations")) {
            if (Set.of("serious", "critical").contains(one.path("impact").asString(""))) {
                one.path("nodes")
                        .forEach(node -> barriers.add(one.path("id").asString("") + " ("
                                + one.path("help").asString("") + "): " + node.path("target") + " " + node.path("html")
                                + " "
                                + node.path("failureSummary").asString("")));
            }
        }
        return barriers;
    }

    /** The whole page shown last, from top to bottom. */
    public BufferedImage picture() {
        JsonNode size = tools.ask("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
        return picture((int) size.path("width").asDouble(DESK), (int) size.path("height").asDouble(900));
    }

    private BufferedImage picture(int width, int height) {
        String png = tools.ask("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip",
                Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1))).path("data").asString("");
        try {
            return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(png)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the mean pixel of what is in sight on a desk's screen, 0 to 255. */
    public double brightness() {
        BufferedImage picture = picture(DESK, 900);
        long sum = 0;
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        for (int pixel : pixels) {
            sum += ((pixel >> 16) & 0xff) + ((pixel >> 8) & 0xff) + (pixel & 0xff);
        }
        return sum / (3.0 * pixels.length);
    }

    /** Its profile must be free before a temporary folder can go. */
    @Override
    public void close() {
        tools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            process.destroyForcibly().waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
