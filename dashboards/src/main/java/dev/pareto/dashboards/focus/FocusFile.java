package dev.pareto.dashboards.focus;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.parquet.ParquetColumn;
import dev.pareto.dashboards.parquet.ParquetFile;
import dev.pareto.policies.price.Money;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A file of rows, being written. It is whole only when it was closed. Not thread-safe. */
public sealed interface FocusFile extends AutoCloseable {

    /** @param row values by column; what is unknown has no entry */
    void write(Map<String, String> row) throws IOException;

    @Override
    void close() throws IOException;

    /** RFC 4180 in UTF-8, with a header; what is unknown is empty. */
    static FocusFile csv(OutputStream out, FocusVersion version) throws IOException {
        return new Csv(new BufferedWriter(new OutputStreamWriter(out, UTF_8)), version.columns());
    }

    /** Parquet: money as DECIMAL(38, 12), prices and quantities as DECIMAL(38, 18), moments as timestamps. */
    static FocusFile parquet(OutputStream out, FocusVersion version) throws IOException {
        return new Parquet(new ParquetFile(out, version.columns().stream().map(FocusFile::column).toList(),
                "Pareto, FOCUS " + version.id()), version.columns());
    }

    private static ParquetColumn column(FocusColumn column) {
        return switch (column.type()) {
            case STRING -> new ParquetColumn(column.name(), ParquetColumn.Kind.TEXT, 0);
            case KEY_VALUE -> new ParquetColumn(column.name(), ParquetColumn.Kind.JSON, 0);
            case COST -> new ParquetColumn(column.name(), ParquetColumn.Kind.DECIMAL, Money.SCALE);
            case DECIMAL -> new ParquetColumn(column.name(), ParquetColumn.Kind.DECIMAL, FocusRows.SCALE);
            case COUNT -> new ParquetColumn(column.name(), ParquetColumn.Kind.COUNT, 0);
            case DATE_TIME -> new ParquetColumn(column.name(), ParquetColumn.Kind.MOMENT, 0);
        };
    }

    /** Comma-separated. */
    final class Csv implements FocusFile {

        private final Writer out;
        private final List<FocusColumn> columns;

        private Csv(Writer out, List<FocusColumn> columns) throws IOException {
            this.out = out;
            this.columns = columns;
            out.write(columns.stream().map(FocusColumn::name).collect(Collectors.joining(",")) + "\r\n");
        }

        @Override
        public void write(Map<String, String> row) throws IOException {
            String separator = "";
            for (FocusColumn column : columns) {
                out.write(separator);
                out.write(cell(column, row.get(column.name())));
                separator = ",";
            }
            out.write("\r\n");
        }

        /** Texts may be other people's, numbers are ours and keep their sign. */
        private static String cell(FocusColumn column, @Nullable String value) {
            if (value == null) {
                return "";
            }
            return switch (column.type()) {
                case COST, DECIMAL, COUNT, DATE_TIME -> value;
                case STRING, KEY_VALUE -> Sheet.quoted(value);
            };
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Columnar. */
    final class Parquet implements FocusFile {

        private final ParquetFile file;
        private final List<FocusColumn> columns;

        private Parquet(ParquetFile file, List<FocusColumn> columns) {
            this.file = file;
            this.columns = columns;
        }

        @Override
        public void write(Map<String, String> row) throws IOException {
            List<@Nullable String> values = new ArrayList<>(columns.size());
            columns.forEach(column -> values.add(row.get(column.name())));
            file.write(values);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
