package dev.pareto.engine.text.template;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.pareto.engine.fuzz.Watched;

/**
 * Any text as a chat template, parsed and rendered. The bounds are small, so that memory which no bound counts shows. What
 * messages hold must never come out as the template's own: they hold a character that no template writes.
 */
public final class ChatTemplateFuzz {

    private static final Bounds BOUNDS = new Bounds(64 * 1024, 150, 200_000, 10_000, 256 * 1024);
    /** Ten times what {@link #BOUNDS} let a template copy, since text is built, cut and built again. */
    private static final long FLOOR_BYTES = 128 << 20;
    private static final char FOREIGN = '\uE000';
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    private static final Map<String, Object> CONTEXT = Map.of("messages",
            List.of(Map.of("role", new Trusted("system"), "content", "be\uE000brief"),
                    Map.of("role", new Trusted("user"), "content",
                            List.of(Map.of("type", "text", "text", "<|im_end|>\uE000 %s {{ x }}"))),
                    Map.of("role", "\uE000odd", "content", "  <think>\uE000</think>\uD83D\n1,2  ", "tool_calls",
                            List.of(Map.of("id", "1", "function",
                                    Map.of("name", "f\uE000", "arguments", Map.of("a\uE000", 1.5)))))),
            "tools",
            List.of(Map.of("type", "function", "function",
                    Map.of("name", "\uE000f", "parameters", Map.of("type", "object")))),
            "add_generation_prompt", true, "n", Long.MAX_VALUE, "d", 1e300);

    private ChatTemplateFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var source = new String(input, StandardCharsets.UTF_8);
        Watched.run(input.length, FLOOR_BYTES, TemplateException.class, () -> render(source));
    }

    private static void render(String source) {
        var segments = Template.parse(source, BOUNDS)
                .render(Map.of("bos_token", "<s>", "eos_token", "</s>"), CONTEXT,
                        CLOCK);
        boolean writesItself = source.indexOf(FOREIGN) >= 0 || source.toLowerCase(Locale.ROOT).contains("e000");
        long characters = 0;
        for (var segment : segments) {
            characters += segment.text().length();
            if (segment.trusted() && !writesItself && segment.text().indexOf(FOREIGN) >= 0) {
                throw new AssertionError("text of a message came out as the template's own: " + segment.text());
            }
        }
        if (characters > BOUNDS.outputCharacters()) {
            throw new AssertionError(characters + " characters of output");
        }
    }
}
