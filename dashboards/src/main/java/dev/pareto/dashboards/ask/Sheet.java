package dev.pareto.dashboards.ask;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table as it is exported. Cells are text, whole numbers, {@link BigDecimal} or null for what is unknown.
 *
 * @param name of the file, without an ending
 */
public record Sheet(String name, List<String> columns, List<List<@Nullable Object>> rows) {

    public Sheet {
        columns = List.copyOf(columns);
        List<List<@Nullable Object>> kept = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(row.size() + " cells in " + columns.size() + " columns");
            }
            kept.add(Collections.unmodifiableList(new ArrayList<>(row)));
        }
        rows = Collections.unmodifiableList(kept);
    }

    /** The cells of a row; nulls are allowed. */
    public static List<@Nullable Object> row(@Nullable Object... cells) {
        List<@Nullable Object> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell);
        }
        return row;
    }

    /** RFC 4180, in UTF-8. Text that a spreadsheet would take for a formula is led by an apostrophe. */
    public String csv() {
        StringBuilder text = new StringBuilder(line(new ArrayList<@Nullable Object>(columns)));
        for (List<@Nullable Object> row : rows) {
            text.append(line(row));
        }
        return text.toString();
    }

    private static String line(List<@Nullable Object> cells) {
        return cells.stream().map(Sheet::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case BigDecimal number -> number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
            case Number number -> number.toString();
            default -> quoted(value.toString());
        };
    }

    /** A text as a CSV cell that no spreadsheet takes for a formula. */
    public static String quoted(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }
}
