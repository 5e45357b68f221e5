package dev.pareto.dashboards.testing.books;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Measures how long the reports of a running gateway take, each asked over and over:
 * {@code ReportTimes http://127.0.0.1:8081 PATHS [rounds] [bound in milliseconds]}. PATHS is a file with one address a line, from the
 * root; what begins with # is left out. Ends with 1 where a p95 lies over the bound or an answer is no success.
 */
public final class ReportTimes {

    private static final int ROUNDS = 20;
    private static final int BOUND_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ReportTimes() {}

    /** @param args the admin port, the file of addresses, how often, and the bound */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : ROUNDS;
        int bound = args.length > 3 ? Integer.parseInt(args[3]) : BOUND_MILLIS;
        List<String> paths = Files.readAllLines(Path.of(args[1]))
                .stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        int slow = 0;
        System.out.printf("%9s %9s %9s %9s  %s%n", "first ms", "p50 ms", "p95 ms", "kB", "address");
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : paths) {
                slow += measure(client, args[0], path, rounds) > bound ? 1 : 0;
            }
        }
        System.out.printf("%d of %d addresses over %d ms at p95, %d rounds each%n", slow, paths.size(), bound, rounds);
        System.exit(slow == 0 ? 0 : 1);
    }

    /** The p95 in milliseconds; beyond every bound where an answer was no success. */
    private static double measure(HttpClient client, String base, String path, int rounds)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE).build();
        double[] millis = new double[rounds];
        int bytes = 0;
        for (int i = -1; i < rounds; i++) {
            long start = System.nanoTime();
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            double took = (System.nanoTime() - start) / 1e6;
            if (answer.statusCode() != 200) {
                System.out.printf("%9s %9s %9s %9s  %s%n", "", "", "", answer.statusCode(), path);
                return Double.MAX_VALUE;
            }
            if (i < 0) {
                System.out.printf("%9.0f ", took);
            } else {
                millis[i] = took;
            }
            bytes = answer.body().length;
        }
        Arrays.sort(millis);
        double p95 = millis[(int) Math.ceil(rounds * 0.95) - 1];
        System.out.printf("%9.0f %9.0f %9d  %s%n", millis[rounds / 2], p95, bytes / 1_000, path);
        return p95;
    }
}
