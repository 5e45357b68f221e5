package dev.pareto.proxy.learn;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.pareto.policies.predict.live.RoutePredictor;
import dev.pareto.policies.predict.live.RoutePredictorJson;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The versions of every route's predictor, each a file, and which one is in force: below the data folder,
 * {@code predictors/ROUTE/VERSION.json} and {@code predictors/ROUTE/current}. Another process may put one in force; whoever looks again
 * finds it. Blocks on the disk.
 */
public final class PredictorFiles {

    private static final int KEPT = 5;
    private static final String CURRENT = "current";
    private static final String VERSION = "[0-9a-f]{16}";
    private static final long MOST_BYTES = 256L << 20;

    private final Path folder;

    /** @param dataFolder the gateway's */
    public PredictorFiles(Path dataFolder) {
        this.folder = dataFolder.resolve("predictors");
    }

    /** Routes that have a predictor in force. */
    public List<String> routes() throws IOException {
        List<String> routes = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> folders = Files.list(folder)) {
                folders.filter(route -> Files.isRegularFile(route.resolve(CURRENT)))
                        .map(route -> URLDecoder.decode(String.valueOf(route.getFileName()), UTF_8))
                        .sorted()
                        .forEach(routes::add);
            }
        }
        return routes;
    }

    /** The version in force; null for none. */
    public @Nullable String version(String route) throws IOException {
        Path current = of(route).resolve(CURRENT);
        return Files.isRegularFile(current) ? Files.readString(current).strip() : null;
    }

    /**
     * The predictor in force; null for none.
     *
     * @throws UnreadablePredictorException when its file is damaged or of a format that is no longer read
     */
    public @Nullable RoutePredictor read(String route) throws IOException {
        String version = version(route);
        if (version == null) {
            return null;
        }
        if (!version.matches(VERSION)) {
            throw new UnreadablePredictorException(of(route).resolve(CURRENT) + " names no version");
        }
        return parse(file(route, version));
    }

    /**
     * Takes what is in force out of force, so that nobody tries to read it again and the route is taught anew; the files stay, the name of
     * the version in {@code current.unreadable}.
     */
    public void setAside(String route) throws IOException {
        Path current = of(route).resolve(CURRENT);
        Files.move(current, current.resolveSibling(CURRENT + ".unreadable"), StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * One file, wherever it lies.
     *
     * @throws UnreadablePredictorException when it is no exported predictor, or of a format that is no longer read
     */
    public static RoutePredictor parse(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new UnreadablePredictorException(file + " is larger than any predictor");
        }
        try {
            return RoutePredictorJson.read(Files.readString(file));
        } catch (IllegalArgumentException damaged) {
            throw new UnreadablePredictorException(file + ": " + damaged.getMessage(), damaged);
        }
    }

    /** Where a version lies. */
    public Path file(String route, String version) {
        if (!version.matches(VERSION)) {
            throw new IllegalArgumentException("a version has 16 hexadecimal digits, not '" + version + "'");
        }
        return of(route).resolve(version + ".json");
    }

    /** Keeps a version and puts it in force; of older ones the newest few stay. */
    public void put(RoutePredictor predictor) throws IOException {
        Path route = of(predictor.route());
        Files.createDirectories(route);
        write(file(predictor.route(), predictor.version()), RoutePredictorJson.write(predictor));
        write(route.resolve(CURRENT), predictor.version());
        forget(route, predictor.version());
    }

    private static void write(Path file, String text) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void forget(Path route, String version) throws IOException {
        List<Path> versions;
        try (Stream<Path> files = Files.list(route)) {
            versions = files.filter(file -> file.toString().endsWith(".json")
                    && !String.valueOf(file.getFileName()).startsWith(version))
                    .sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed())
                    .toList();
        }
        for (Path old : versions.subList(Math.min(KEPT - 1, versions.size()), versions.size())) {
            Files.deleteIfExists(old);
        }
    }

    private Path of(String route) {
        String name = URLEncoder.encode(route, UTF_8).replace(".", "%2E").replace("*", "%2A");
        return folder.resolve(name);
    }
}
