package dev.pareto.dashboards.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads what JDBC has no type for. */
final class Rows {

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

    private Rows() {}

    static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.toInstant(micros);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Micros.toInstant(row.getLong(column));
    }

    static Map<String, String> tags(ResultSet row, String column) throws SQLException {
        return JsonMapper.shared().readValue(row.getString(column), TAGS);
    }
}
