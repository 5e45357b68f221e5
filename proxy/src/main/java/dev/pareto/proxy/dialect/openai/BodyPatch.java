package dev.pareto.proxy.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import tools.jackson.core.io.JsonStringEncoder;

/** Replacements of byte ranges, applied in one pass; what no range names stays as it is. */
final class BodyPatch {

    private final List<Change> changes = new ArrayList<>(2);

    private record Change(Span span, String text) {}

    static String quoted(String value) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) + '"';
    }

    void replace(Span span, String text) {
        changes.add(new Change(span, text));
    }

    void insert(int at, String text) {
        changes.add(new Change(new Span(at, at), text));
    }

    byte[] apply(byte[] source) {
        if (changes.isEmpty()) {
            return source;
        }
        changes.sort(Comparator.comparingInt(change -> change.span().from()));
        List<byte[]> texts = changes.stream().map(change -> change.text().getBytes(StandardCharsets.UTF_8)).toList();
        int length = source.length;
        for (int i = 0; i < texts.size(); i++) {
            length += texts.get(i).length - changes.get(i).span().length();
        }
        byte[] target = new byte[length];
        int read = 0;
        int written = 0;
        for (int i = 0; i < texts.size(); i++) {
            Span span = changes.get(i).span();
            int kept = span.from() - read;
            System.arraycopy(source, read, target, written, kept);
            written += kept;
            System.arraycopy(texts.get(i), 0, target, written, texts.get(i).length);
            written += texts.get(i).length;
            read = span.to();
        }
        System.arraycopy(source, read, target, written, source.length - read);
        return target;
    }
}
