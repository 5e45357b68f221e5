package dev.pareto.proxy.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Boards and alerts as they are shipped: every name is one that the gateway has, every expression one that Prometheus reads. */
final class BoardsTest {

    private static final Pattern NAME = Pattern.compile("pareto_[a-z_]+");
    private static final Pattern METER = Pattern.compile("\"pareto\\.([a-z.]+)\"");

    @TempDir
    private Path folder;

    @Test
    void everyNameIsAMeterOfTheGateway() throws IOException {
        Set<String> meters = meters();
        Set<String> unknown = new TreeSet<>();
        for (Path file : shipped()) {
            Matcher name = NAME.matcher(Files.readString(file));
            while (name.find()) {
                String plain = name.group()
                        .replaceFirst("_(seconds_(count|sum|bucket|max)|total)$", "")
                        .replaceFirst("^pareto_", "");
                if (!meters.contains(plain)) {
                    unknown.add(file.getFileName() + ": " + name.group());
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(meters).contains("cost_usd", "ledger_queue", "overhead");
    }

    @Test
    void prometheusReadsTheAlerts() throws IOException, InterruptedException {
        assertThat(promtool("check", "rules", alerts().resolve("pareto.rules.yml").toString())).contains("SUCCESS");
    }

    @Test
    void alertsSoundWhenTheyShould() throws IOException, InterruptedException {
        for (String tests : List.of("pareto.tests.yml", "pareto.weeks.tests.yml")) {
            assertThat(promtool("test", "rules", alerts().resolve(tests).toString())).as(tests)
                    .contains("SUCCESS")
                    .doesNotContain("FAILED");
        }
    }

    @Test
    void prometheusReadsEveryPanel() throws IOException, InterruptedException {
        List<String> expressions = new ArrayList<>();
        for (Path board : shipped()) {
            if (board.toString().endsWith(".json")) {
                JsonNode read = JsonMapper.shared().readTree(Files.readString(board));
                read.path("panels")
                        .forEach(panel -> panel.path("targets")
                                .forEach(target -> expressions.add(target.path("expr").asString())));
            }
        }
        assertThat(expressions).hasSizeGreaterThan(30);
        StringBuilder rules = new StringBuilder("groups:\n- name: boards\n  rules:\n");
        for (int i = 0; i < expressions.size(); i++) {
            rules.append("  - record: panel_")
                    .append(i)
                    .append("\n    expr: '")
                    .append(expressions.get(i).replace("'", "''"))
                    .append("'\n");
        }
        Path file = Files.writeString(folder.resolve("panels.yml"), rules);
        assertThat(promtool("check", "rules", file.toString())).contains(expressions.size() + " rules found");
    }

    /** The meters that the sources register, as Prometheus spells them; their names are never put together. */
    private static Set<String> meters() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(root().resolve("proxy/src/main/java"))) {
            for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher meter = METER.matcher(Files.readString(source));
                while (meter.find()) {
                    names.add(meter.group(1).replace('.', '_'));
                }
            }
        }
        return names;
    }

    private static List<Path> shipped() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("dashboards/alerts", "dashboards/grafana")) {
            try (Stream<Path> all = Files.list(root().resolve(folder))) {
                all.forEach(files::add);
            }
        }
        return files;
    }

    private static Path alerts() {
        return root().resolve("dashboards/alerts");
    }

    /** The repository, told by its folder .mvn. */
    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve(".mvn"))) {
            at = java.util.Objects.requireNonNull(at.getParent(), "no repository above");
        }
        return at;
    }

    /** What promtool says; skips where it is not installed (Debian: the package prometheus). */
    private static String promtool(String... arguments) throws IOException, InterruptedException {
        String tool = System.getenv().getOrDefault("PROMTOOL", "promtool");
        boolean there = tool.contains("/")
                ? Files.isExecutable(Path.of(tool))
                : Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(part -> Files.isExecutable(Path.of(part, tool)));
        assumeThat(there).as("promtool, of Debian's package prometheus, on the PATH or named by PROMTOOL").isTrue();
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
