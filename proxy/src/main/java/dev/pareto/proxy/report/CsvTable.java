package dev.pareto.proxy.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a CSV file (RFC 4180) for people to read.
 *
 * @param rows without the head; shorter ones are filled up
 * @param more rows that are only in the file
 */
record CsvTable(List<String> columns, List<List<String>> rows, long more) {

    CsvTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    static CsvTable read(String text, int mostRows) {
        List<List<String>> lines = new ArrayList<>();
        long more = 0;
        int at = 0;
        while (at < text.length()) {
            List<String> cells = new ArrayList<>();
            at = line(text, at, cells);
            if (lines.size() <= mostRows) {
                lines.add(cells);
            } else {
                more++;
            }
        }
        List<String> columns = lines.isEmpty() ? List.of() : lines.getFirst();
        List<List<String>> rows = lines.stream().skip(1).map(cells -> fitted(cells, columns.size())).toList();
        return new CsvTable(columns, rows, more);
    }

    private static List<String> fitted(List<String> cells, int width) {
        List<String> fitted = new ArrayList<>(cells.subList(0, Math.min(width, cells.size())));
        while (fitted.size() < width) {
            fitted.add("");
        }
        return fitted;
    }

    /** Reads one line into cells; where the next one begins. */
    private static int line(String text, int from, List<String> cells) {
        var cell = new StringBuilder();
        boolean quoted = false;
        int at = from;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean next = at + 1 < text.length();
            if (quoted && c == '"' && next && text.charAt(at + 1) == '"') {
                cell.append('"');
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (!quoted && c == '\n') {
                break;
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return at + 1;
    }
}
