package dev.pareto.dashboards.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The values of one column in one row group: which are known, and those plain. */
final class ColumnBuffer {

    /** Bytes of a decimal of 38 digits. */
    static final int DECIMAL_BYTES = 16;
    private static final int DIGITS = 38;

    private final ParquetColumn column;
    private final ByteArrayOutputStream known = new ByteArrayOutputStream();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private int run;
    private boolean runKnown;

    ColumnBuffer(ParquetColumn column) {
        this.column = column;
    }

    void add(@Nullable String value) {
        level(value != null);
        if (value == null) {
            return;
        }
        switch (column.kind()) {
            case TEXT, JSON -> {
                byte[] utf8 = value.getBytes(UTF_8);
                little(utf8.length, Integer.BYTES, values);
                values.writeBytes(utf8);
            }
            case DECIMAL -> decimal(value);
            case MOMENT -> little(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(value)), Long.BYTES, values);
            case COUNT -> little(Long.parseLong(value), Long.BYTES, values);
        }
    }

    /** The body of a data page: definition levels with their length, then the values; begins the next one. */
    byte[] page() {
        endRun();
        var page = new ByteArrayOutputStream();
        little(known.size(), Integer.BYTES, page);
        page.writeBytes(known.toByteArray());
        page.writeBytes(values.toByteArray());
        known.reset();
        values.reset();
        return page.toByteArray();
    }

    private void decimal(String value) {
        BigDecimal exact;
        try {
            exact = new BigDecimal(value).setScale(column.scale(), RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    column.name() + ": " + value + " has more than " + column.scale() + " decimal places", e);
        }
        if (exact.precision() > DIGITS) {
            throw new IllegalArgumentException(column.name() + ": " + value + " has more than 38 digits");
        }
        byte[] digits = exact.unscaledValue().toByteArray();
        int sign = exact.signum() < 0 ? 0xFF : 0;
        for (int i = digits.length; i < DECIMAL_BYTES; i++) {
            values.write(sign);
        }
        values.writeBytes(digits);
    }

    private void level(boolean isKnown) {
        if (run > 0 && runKnown != isKnown) {
            endRun();
        }
        runKnown = isKnown;
        run++;
    }

    /** Run-length encoding of levels of one bit. */
    private void endRun() {
        if (run > 0) {
            int header = run << 1;
            while ((header & ~0x7F) != 0) {
                known.write((header & 0x7F) | 0x80);
                header >>>= 7;
            }
            known.write(header);
            known.write(runKnown ? 1 : 0);
            run = 0;
        }
    }

    private static void little(long value, int bytes, ByteArrayOutputStream target) {
        for (int i = 0; i < bytes; i++) {
            target.write((int) (value >>> (8 * i)));
        }
    }
}
