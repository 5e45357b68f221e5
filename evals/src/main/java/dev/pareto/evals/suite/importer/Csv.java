package dev.pareto.evals.suite.importer;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as RFC 4180 writes them: quoted fields may hold commas, line ends and doubled quotes. */
final class Csv {

    /** A record and the line on which it begins, 1-based. */
    record Row(int line, List<String> fields) {

        Row {
            fields = List.copyOf(fields);
        }
    }

    /** A field was opened by a quote and never closed. */
    static final class UnclosedQuote extends Exception {

        private final int line;

        UnclosedQuote(int line) {
            super("line " + line, null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    private final String text;
    private int at;
    private int line = 1;

    private Csv(String text) {
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Every record; empty lines are none. */
    static List<Row> rows(String text) throws UnclosedQuote {
        Csv csv = new Csv(text);
        List<Row> rows = new ArrayList<>();
        while (csv.at < csv.text.length()) {
            Row row = csv.row();
            if (row.fields().size() > 1 || !row.fields().getFirst().isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() throws UnclosedQuote {
        int first = line;
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(field());
            char end = at < text.length() ? text.charAt(at) : '\n';
            at++;
            if (end == ',') {
                continue;
            }
            if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            line++;
            return new Row(first, fields);
        }
    }

    private String field() throws UnclosedQuote {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() throws UnclosedQuote {
        int opened = line;
        StringBuilder field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '"') {
                line += c == '\n' ? 1 : 0;
                field.append(c);
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                field.append('"');
                at++;
            } else {
                at++;
                while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                    field.append(text.charAt(at++));
                }
                return field.toString();
            }
        }
        throw new UnclosedQuote(opened);
    }
}
