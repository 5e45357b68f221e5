package dev.pareto.dashboards.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one file: row groups of plain pages, each compressed with gzip, which every reader knows. A file is whole only when it was
 * closed. Holds one row group in memory. Not thread-safe. Source: the Apache Parquet format 2.x, {@code parquet.thrift}.
 */
public final class ParquetFile implements AutoCloseable {

    private static final byte[] MAGIC = "PAR1".getBytes(US_ASCII);
    private static final int GROUP_ROWS = 20_000;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int GZIP = 2;
    private static final int OPTIONAL = 1;
    private static final int INT64 = 2;
    private static final int BYTE_ARRAY = 6;
    private static final int FIXED_LEN_BYTE_ARRAY = 7;
    private static final int UTF8 = 0;
    private static final int DECIMAL = 5;
    private static final int TIMESTAMP_MICROS = 10;
    private static final int JSON = 19;

    private final OutputStream out;
    private final List<ParquetColumn> columns;
    private final String creator;
    private final List<ColumnBuffer> buffers;
    private final List<Group> groups = new ArrayList<>();
    private long position;
    private int buffered;
    private long rows;

    private record Chunk(long offset, int values, long plainBytes, long bytes) {}

    private record Group(List<Chunk> chunks, int rows) {}

    /**
     * @param out where it goes; closed with this
     * @param creator what wrote it, for readers that must know
     */
    public ParquetFile(OutputStream out, List<ParquetColumn> columns, String creator) throws IOException {
        this.out = out;
        this.columns = List.copyOf(columns);
        this.creator = creator;
        this.buffers = columns.stream().map(ColumnBuffer::new).toList();
        send(MAGIC);
    }

    /**
     * @param values in the order of the columns
     * @throws IllegalArgumentException when one is not what its column holds
     */
    public void write(List<? extends @Nullable String> values) throws IOException {
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + columns.size() + " columns");
        }
        for (int i = 0; i < values.size(); i++) {
            buffers.get(i).add(values.get(i));
        }
        rows++;
        if (++buffered == GROUP_ROWS) {
            endGroup();
        }
    }

    @Override
    public void close() throws IOException {
        try (out) {
            if (buffered > 0) {
                endGroup();
            }
            byte[] footer = footer();
            send(footer);
            send(new byte[]{(byte) footer.length, (byte) (footer.length >>> 8), (byte) (footer.length >>> 16),
                    (byte) (footer.length >>> 24)});
            send(MAGIC);
        }
    }

    private void endGroup() throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        for (ColumnBuffer buffer : buffers) {
            byte[] plain = buffer.page();
            byte[] packed = gzip(plain);
            byte[] header = new CompactThrift().begin()
                    .i32(1, 0)
                    .i32(2, plain.length)
                    .i32(3, packed.length)
                    .begin(5)
                    .i32(1, buffered)
                    .i32(2, PLAIN)
                    .i32(3, RLE)
                    .i32(4, RLE)
                    .end()
                    .end()
                    .toBytes();
            chunks.add(new Chunk(position, buffered, (long) header.length + plain.length,
                    (long) header.length + packed.length));
            send(header);
            send(packed);
        }
        groups.add(new Group(chunks, buffered));
        buffered = 0;
    }

    private byte[] footer() {
        var footer = new CompactThrift().begin().i32(1, 2).structs(2, columns.size() + 1);
        footer.begin().text(4, "table").i32(5, columns.size()).end();
        columns.forEach(column -> schema(column, footer));
        footer.i64(3, rows).structs(4, groups.size());
        for (Group group : groups) {
            footer.begin().structs(1, columns.size());
            for (int i = 0; i < columns.size(); i++) {
                chunk(columns.get(i), group.chunks().get(i), footer);
            }
            footer.i64(2, group.chunks().stream().mapToLong(Chunk::plainBytes).sum()).i64(3, group.rows()).end();
        }
        return footer.text(6, creator).end().toBytes();
    }

    private static void schema(ParquetColumn column, CompactThrift footer) {
        footer.begin().i32(1, type(column));
        if (column.kind() == ParquetColumn.Kind.DECIMAL) {
            footer.i32(2, ColumnBuffer.DECIMAL_BYTES);
        }
        footer.i32(3, OPTIONAL).text(4, column.name());
        switch (column.kind()) {
            case TEXT -> footer.i32(6, UTF8);
            case JSON -> footer.i32(6, JSON);
            case DECIMAL -> footer.i32(6, DECIMAL).i32(7, column.scale()).i32(8, 38);
            // the logical type TIMESTAMP, in UTC, of microseconds
            case MOMENT -> footer.i32(6, TIMESTAMP_MICROS)
                    .begin(10)
                    .begin(8)
                    .yes(1)
                    .begin(2)
                    .begin(2)
                    .end()
                    .end()
                    .end()
                    .end();
            case COUNT -> {
            }
        }
        footer.end();
    }

    private static void chunk(ParquetColumn column, Chunk chunk, CompactThrift footer) {
        footer.begin()
                .i64(2, chunk.offset())
                .begin(3)
                .i32(1, type(column))
                .enums(2, PLAIN, RLE)
                .texts(3, column.name())
                .i32(4, GZIP)
                .i64(5, chunk.values())
                .i64(6, chunk.plainBytes())
                .i64(7, chunk.bytes())
                .i64(9, chunk.offset())
                .end()
                .end();
    }

    private static int type(ParquetColumn column) {
        return switch (column.kind()) {
            case TEXT, JSON -> BYTE_ARRAY;
            case DECIMAL -> FIXED_LEN_BYTE_ARRAY;
            case MOMENT, COUNT -> INT64;
        };
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private void send(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }
}
