package dev.pareto.dashboards.chain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the chains have of the calls of a closed month, so that the month's rows can go and everybody still sees which ones went and
 * that it was retention which took them. Who drops a month reads this before, when no call of it is under way and so nothing more is
 * chained for it. The month's row in {@code dropped_month} and {@code book} are one transaction that no other dropper shares; rows go
 * in it or after it, never before.
 *
 * @param entries of the month's calls in all chains
 * @param digest SHA-256 over these entries' replica, day, place, id and hash, in hexadecimal
 */
public record DropRecord(YearMonth month, long entries, String digest) {

    /** The chain that tells of dropped months; no gateway can have this name. */
    public static final String CHAIN = "(retention)";

    private static final int FETCH = 1_000;

    private static final String FROZEN = "SELECT frozen_us FROM billing_month WHERE month = ?";

    private static final String ENTRIES = """
                                          SELECT replica, day, seq, ref, hash FROM ledger_entry
                                          WHERE day >= ? AND day <= ? AND kind = 'ATTEMPT' AND ref >= ? AND ref < ?
                                          ORDER BY day, replica, seq""";

    private static final String TELL = "UPDATE dropped_month SET entries = ?, digest = ? WHERE month = ? RETURNING *";

    /** Reads what the chains have of a month; null where it was not closed, for only a closed month may go. Blocks. */
    public static @Nullable DropRecord of(Connection connection, YearMonth month) throws SQLException {
        LocalDate closed = closed(connection, month);
        if (closed == null) {
            return null;
        }
        MessageDigest digest = sha256();
        long entries = 0;
        try (PreparedStatement statement = connection.prepareStatement(ENTRIES)) {
            statement.setFetchSize(FETCH);
            statement.setString(1, month.atDay(1).toString());
            // a clock that is ahead books the last of them a day later
            statement.setString(2, closed.plusDays(1).toString());
            statement.setString(3, firstId(month));
            statement.setString(4, firstId(month.plusMonths(1)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries++;
                    String at = row.getString(1) + ' ' + row.getString(2) + ' ' + row.getLong(3) + ' '
                            + row.getString(4) + ' ';
                    digest.update(at.getBytes(StandardCharsets.UTF_8));
                    digest.update(row.getBytes(5));
                }
            }
        }
        return new DropRecord(month, entries, HexFormat.of().formatHex(digest.digest()));
    }

    /** Adds it to the month's row of {@code dropped_month} and that row to the chain, inside the caller's transaction. */
    public void book(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement tell = connection.prepareStatement(TELL);
                Chain chain = new Chain(connection, CHAIN, () -> now)) {
            tell.setLong(1, entries);
            tell.setString(2, digest);
            tell.setString(3, month.toString());
            try (ResultSet row = tell.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException(month + " is not among the dropped months");
                }
                chain.append(EntryKind.DROP, month.toString(), text -> text.row(EntryKind.DROP, row));
            }
            chain.flush();
        }
    }

    /** The least id of a month's rows: 48 bits of milliseconds in hexadecimal, as UUIDs of version 7 are written. */
    public static String firstId(YearMonth month) {
        String millis = String.format(Locale.ROOT, "%012x",
                month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
        return millis.substring(0, 8) + '-' + millis.substring(8);
    }

    private static @Nullable LocalDate closed(Connection connection, YearMonth month) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FROZEN)) {
            statement.setString(1, month.toString());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? LocalDate.ofEpochDay(row.getLong(1) / 86_400_000_000L) : null;
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
