package dev.pareto.engine.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever a file holds as its template, nothing but a {@link TemplateException} comes of it. */
final class TemplateFuzzTest {

    private static final Bounds BOUNDS = new Bounds(20_000, 80, 100_000, 2_000, 200_000);

    private static final List<String> PIECES = List.of("{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " if ", " else ",
            " for ", " in ", "endif", "endfor", "set ", "macro ", "raw", "endraw", "(", ")", "[", "]", "{", "}", "'",
            "\"", "|", ".", ":", ",", "~", "**", "//", "==", " is ", " not ", "\\", "\n", "0", "1e9", "-1", "loop",
            "messages", "namespace", "tojson", "range", "None", "\uD83D", "é", "x", "%s", "1:", "::-1", "caller()");

    private final Map<String, @Nullable Object> variables = References.map("context.json");

    TemplateFuzzTest() {
        variables.put("messages", List.of(Map.of("role", "user", "content", "hi"),
                Map.of("role", "assistant", "content", "<think>a</think>b")));
    }

    @Test
    void mutatedTemplatesEndInTextOrInATemplateException() {
        var seeds = seeds();
        var random = new Random(20_261_121);
        int rendered = 0;
        for (int i = 0; i < 15_000; i++) {
            var source = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
            int changes = random.nextInt(1, 5);
            for (int change = 0; change < changes; change++) {
                mutate(source, random);
            }
            rendered += runs(source.toString()) ? 1 : 0;
        }
        assertThat(rendered).as("mutants that still render").isBetween(1_000, 14_000);
    }

    @Test
    void randomBytesAndPiecesEndInTextOrInATemplateException() {
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            var bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            refused += runs(new String(bytes, StandardCharsets.UTF_8)) ? 0 : 1;
            var pieces = new StringBuilder("{{ ");
            int count = random.nextInt(12);
            for (int piece = 0; piece < count; piece++) {
                pieces.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            refused += runs(pieces.append(" }}").toString()) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    private static List<String> seeds() {
        var seeds = new ArrayList<String>();
        References.list("snippets.json").forEach(snippet -> seeds.add((String) snippet));
        for (var name : References.map("templates.expected.json").keySet()) {
            seeds.add(References.resource("templates/" + name + ".jinja"));
        }
        return seeds;
    }

    private static void mutate(StringBuilder source, Random random) {
        int at = random.nextInt(source.length() + 1);
        switch (random.nextInt(4)) {
            case 0 -> source.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            case 1 -> source.delete(at, Math.min(source.length(), at + random.nextInt(8)));
            case 2 -> {
                int from = random.nextInt(source.length() + 1);
                source.insert(at, source.substring(from, Math.min(source.length(), from + random.nextInt(40))));
            }
            default -> {
                if (at < source.length()) {
                    source.setCharAt(at, (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000)));
                }
            }
        }
    }

    private boolean runs(String source) {
        try {
            Template.parse(source, BOUNDS).render(Map.of("bos_token", "<s>"), variables, References.CLOCK);
            return true;
        } catch (TemplateException e) {
            assertThat(e.reason()).isNotBlank();
            return false;
        }
    }
}
