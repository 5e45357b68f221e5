package dev.pareto.proxy.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.dashboards.schedule.ReportSchedule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes a letter of a report: its table in the letter, as far as people read, and the whole of it attached. */
final class LetterWriter {

    private static final int MOST_ROWS = 60;
    private static final int WIDEST_CELL = 44;
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern FILE_NAME = Pattern.compile("filename=\"?([A-Za-z0-9._-]{1,100})\"?");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private LetterWriter() {}

    /**
     * @param type as the admin port stated it
     * @param disposition as the admin port stated it; null where it stated none
     */
    static Letter write(ReportSchedule it, String type, @Nullable String disposition, byte[] body, Instant now) {
        String plainType = type.replaceFirst(";.*", "").strip();
        var file = new Letter.Attachment(fileName(disposition, plainType), plainType, body);
        String name = it.name().replaceAll("\\p{Cntrl}", " ").strip();
        String foot = "Sent by Pareto on " + MOMENT.format(now) + " as " + it.createdBy().replaceAll("\\p{Cntrl}", " ")
                + " asked (" + it.cadence().name().toLowerCase(Locale.ROOT) + "); the whole report is attached as "
                + file.name() + ".";
        CsvTable table = plainType.equals("text/csv")
                ? CsvTable.read(new String(body, UTF_8), MOST_ROWS)
                : new CsvTable(List.of(), List.of(), 0);
        return new Letter("Pareto: " + name, text(name, table, foot), html(name, table, foot), file);
    }

    private static String fileName(@Nullable String disposition, String type) {
        Matcher named = FILE_NAME.matcher(disposition == null ? "" : disposition);
        return named.find() ? named.group(1) : switch (type) {
            case "text/csv" -> "report.csv";
            case "application/json" -> "report.json";
            default -> "report.bin";
        };
    }

    private static String text(String name, CsvTable table, String foot) {
        var text = new StringBuilder(name).append("\n\n");
        if (!table.columns().isEmpty()) {
            List<Integer> widths = IntStream.range(0, table.columns().size())
                    .mapToObj(i -> Math.max(cut(table.columns().get(i)).length(),
                            table.rows().stream().mapToInt(row -> cut(row.get(i)).length()).max().orElse(0)))
                    .toList();
            line(text, table.columns(), widths);
            text.append(widths.stream().map("-"::repeat).collect(Collectors.joining("  "))).append('\n');
            table.rows().forEach(row -> line(text, row, widths));
            text.append(rest(table, "\n")).append('\n');
        }
        return text.append(foot).append('\n').toString();
    }

    private static void line(StringBuilder text, List<String> cells, List<Integer> widths) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cut(cells.get(i));
            String space = " ".repeat(Math.max(0, widths.get(i) - cell.length()));
            line.append(i == 0 ? "" : "  ").append(number(cell) ? space + cell : cell + space);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static String rest(CsvTable table, String before) {
        return table.rows().isEmpty()
                ? before + "No rows.\n"
                : table.more() == 0 ? "" : before + "And " + table.more() + " more rows, in the attachment.\n";
    }

    private static String html(String name, CsvTable table, String foot) {
        var html = new StringBuilder(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>").append(escaped(name))
                .append("</title></head><body style=\"font-family:system-ui,sans-serif;font-size:14px\"><h1 style=\"font-size:20px\">")
                .append(escaped(name))
                .append("</h1>");
        if (!table.columns().isEmpty()) {
            html.append("<table style=\"border-collapse:collapse\"><thead><tr>");
            table.columns().forEach(column -> html.append(cell("th", column, "left", column)));
            html.append("</tr></thead><tbody>");
            for (List<String> row : table.rows()) {
                html.append("<tr>");
                row.forEach(one -> html.append(cell("td", one, number(one) ? "right" : "left", cut(one))));
                html.append("</tr>");
            }
            html.append("</tbody></table><p>").append(escaped(rest(table, "").strip())).append("</p>");
        }
        return html.append("<p style=\"color:#666\">").append(escaped(foot)).append("</p></body></html>").toString();
    }

    private static String cell(String tag, String whole, String align, String shown) {
        return "<" + tag + " style=\"text-align:" + align + ";padding:4px 10px;border-bottom:1px solid #ccc\""
                + (shown.equals(whole) ? "" : " title=\"" + escaped(whole) + "\"") + ">" + escaped(shown) + "</" + tag
                + ">";
    }

    private static boolean number(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    private static String cut(String cell) {
        String line = cell.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= WIDEST_CELL ? line : line.substring(0, WIDEST_CELL - 1) + "…";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
