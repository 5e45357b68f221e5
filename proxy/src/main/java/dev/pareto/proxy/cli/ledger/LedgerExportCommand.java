package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.audit.ChargeLines;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "export", mixinStandardHelpOptions = true, description = {
        "Writes every charge line and adjustment, oldest first: CSV with a header, or a JSON array.",
        "Money and quantities are exact decimals; what is unknown is empty (null in JSON).",
        "Exits with 1, and writes nothing, when calls of these days are no longer kept."})
final class LedgerExportCommand implements Callable<Integer> {

    private static final LocalDate LAST = LocalDate.of(9999, 12, 30);

    @Spec
    private CommandSpec spec;

    @Mixin
    private BooksOptions books;

    @Option(names = "--json", description = "a JSON array instead of CSV")
    private boolean json;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "where to write (default: standard output)")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        LocalDate to = books.to() == null ? LAST : books.to();
        try (var store = books.open()) {
            LocalDate from = books.fromKept(store, to, spec.commandLine().getErr());
            var lines = new ChargeLines(store);
            if (output == null) {
                write(lines, from, to, spec.commandLine().getOut());
            } else {
                if (Files.exists(output)) {
                    throw new UsageException(output + " exists already; an export overwrites nothing");
                }
                try (BufferedWriter file = Files.newBufferedWriter(output)) {
                    write(lines, from, to, file);
                }
            }
        }
        return 0;
    }

    private void write(ChargeLines lines, LocalDate from, LocalDate to, Writer target) {
        var out = new PrintWriter(target, false);
        boolean[] begun = {false};
        lines.each(from, to, line -> {
            if (json) {
                out.print(begun[0] ? ",\n" : "[\n");
                out.print(JsonMapper.shared().writeValueAsString(line));
            } else {
                if (!begun[0]) {
                    out.print(String.join(",", line.keySet()) + "\r\n");
                }
                out.print(csv(line) + "\r\n");
            }
            begun[0] = true;
        });
        if (json) {
            out.println(begun[0] ? "\n]" : "[]");
        }
        out.flush();
    }

    /** RFC 4180. Text that a caller chose never begins a formula in a spreadsheet. */
    private static String csv(Map<String, @Nullable Object> line) {
        return line.values().stream().map(LedgerExportCommand::cell).collect(Collectors.joining(","));
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        boolean number = text.matches("-?\\d+(\\.\\d+)?");
        String safe = !number && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }
}
