package dev.pareto.proxy.bench;

import dev.pareto.proxy.testing.Browser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long a person waits in Chromium until a page of a running gateway shows what it is about:
 * {@code FirstViews http://127.0.0.1:8081 [times] [bound in milliseconds] [paths]}. The very first view loads the program, too. Ends
 * with 1 where the median of a page lies over the bound.
 */
final class FirstViews {

    private static final int TIMES = 5;
    private static final int BOUND_MILLIS = 1_500;
    private static final List<String> PAGES = List.of("/", "/changes", "/chargeback", "/units", "/forecast", "/savings",
            "/anomalies", "/requests", "/quality", "/price-book", "/reconciliation", "/month-close", "/models",
            "/cache", "/capacity", "/budgets", "/routing", "/reports", "/admin");

    private FirstViews() {}

    public static void main(String[] args) throws Exception {
        int times = args.length > 1 ? Integer.parseInt(args[1]) : TIMES;
        int bound = args.length > 2 ? Integer.parseInt(args[2]) : BOUND_MILLIS;
        List<String> pages = args.length > 3 ? Arrays.asList(args).subList(3, args.length) : PAGES;
        Path folder = Files.createTempDirectory("first-views");
        int slow = 0;
        try (Browser browser = Browser.start(folder).orElseThrow(() -> new IllegalStateException("no chromium"))) {
            System.out.printf("%9s %9s %9s  %s%n", "first ms", "p50 ms", "most ms", "page");
            for (String page : pages) {
                double[] millis = new double[times];
                for (int i = 0; i < times; i++) {
                    millis[i] = browser.firstView(URI.create(args[0] + page));
                }
                double first = millis[0];
                Arrays.sort(millis);
                slow += millis[times / 2] > bound ? 1 : 0;
                System.out.printf(Locale.ROOT, "%9.0f %9.0f %9.0f  %s%n", first, millis[times / 2], millis[times - 1],
                        page);
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
        System.out.printf("%d of %d pages over %d ms%n", slow, pages.size(), bound);
        System.exit(slow == 0 ? 0 : 1);
    }
}
