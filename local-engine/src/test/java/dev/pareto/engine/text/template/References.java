package dev.pareto.engine.text.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import dev.pareto.engine.text.Segment;

/** The test data beside {@code make_reference.py}, and what Jinja makes of it. */
final class References {

    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T09:05:07Z"));

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private References() {}

    static String resource(String name) {
        try (var in = References.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> map(String resource) {
        return JSON.readValue(resource(resource), Map.class);
    }

    static List<?> list(String resource) {
        return JSON.readValue(resource(resource), List.class);
    }

    static String text(List<Segment> segments) {
        return segments.stream().map(Segment::text).collect(Collectors.joining());
    }
}
