package dev.pareto.evals.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of cells, drawn for a terminal or as Markdown. The first column is left-aligned, the others right. Not
 * thread-safe.
 */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        rows.add(List.of(header));
    }

    Table row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row needs " + rows.getFirst().size() + " cells");
        }
        rows.add(List.of(cells));
        return this;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int column = 0; column < row.size(); column++) {
                String gap = " ".repeat(width(column) - row.get(column).length());
                line.append(column == 0 ? row.get(column) + gap : "  " + gap + row.get(column));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ")
                    .append(String.join(" | ", rows.get(i).stream().map(Table::escaped).toList()))
                    .append(" |\n");
            if (i == 0) {
                text.append("| --- ").append("| ---: ".repeat(rows.getFirst().size() - 1)).append("|\n");
            }
        }
        return text.toString();
    }

    static String escaped(String cell) {
        return cell.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
