package dev.pareto.proxy.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a fake vendor answers: status, headers, parts with pauses before them, and how it ends. */
public record Script(int status, Map<String, String> headers, List<Part> parts, End end) {

    public enum End {
        /** In order. */
        DONE,
        /** The connection is closed in the middle. */
        CUT,
        /** Nothing more comes, the connection stays. */
        HANG
    }

    public record Part(Duration pause, String text) {}

    public Script {
        headers = Map.copyOf(headers);
        parts = List.copyOf(parts);
    }

    public static Script json(int status, String body) {
        return new Script(status, Map.of("Content-Type", "application/json"), List.of(new Part(Duration.ZERO, body)),
                End.DONE);
    }

    public static Script events(String... parts) {
        return new Script(200, Map.of("Content-Type", "text/event-stream; charset=utf-8"),
                List.of(parts).stream().map(text -> new Part(Duration.ZERO, text)).toList(), End.DONE);
    }

    public Script with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Script(status, all, parts, end);
    }

    public Script then(Duration pause, String text) {
        List<Part> all = new ArrayList<>(parts);
        all.add(new Part(pause, text));
        return new Script(status, headers, all, end);
    }

    public Script ending(End how) {
        return new Script(status, headers, parts, how);
    }

    public byte[] bytes() {
        StringBuilder all = new StringBuilder();
        parts.forEach(part -> all.append(part.text()));
        return all.toString().getBytes(StandardCharsets.UTF_8);
    }
}
