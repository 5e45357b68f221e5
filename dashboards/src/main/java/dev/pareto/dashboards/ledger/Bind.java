package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Binds the parameters of a statement in order. */
final class Bind {

    private final PreparedStatement statement;
    private int index;

    Bind(PreparedStatement statement) {
        this.statement = statement;
    }

    /** Text; a character that not every database can keep is replaced. */
    Bind text(@Nullable String value) throws SQLException {
        statement.setString(++index, value == null ? null : value.replace('\0', '\uFFFD'));
        return this;
    }

    Bind number(long value) throws SQLException {
        statement.setLong(++index, value);
        return this;
    }

    Bind number(@Nullable Number value) throws SQLException {
        if (value == null) {
            statement.setNull(++index, Types.BIGINT);
        } else {
            statement.setLong(++index, value.longValue());
        }
        return this;
    }

    Bind flag(boolean value) throws SQLException {
        return number(value ? 1L : 0L);
    }

    Bind instant(@Nullable Instant value) throws SQLException {
        return number(value == null ? null : (Long) Micros.of(value));
    }

    Bind amount(@Nullable Money value) throws SQLException {
        return number(value == null ? null : (Long) Picos.of(value.amount()));
    }

    void write() throws SQLException {
        statement.executeUpdate();
    }

    /** Leaves the row to the statement's next {@link PreparedStatement#executeBatch}. */
    void batch() throws SQLException {
        statement.addBatch();
    }

    ResultSet query() throws SQLException {
        return statement.executeQuery();
    }
}
