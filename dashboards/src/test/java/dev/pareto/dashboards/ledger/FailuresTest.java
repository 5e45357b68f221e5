package dev.pareto.dashboards.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class FailuresTest {

    @Test
    void aRefusedBatchSaysWhyWithoutItsStatementAndValues() {
        var reason = new SQLException("ERROR: new row violates check constraint", "23514");
        var batch = new BatchUpdateException("Batch entry 0 INSERT INTO attempt VALUES ('secret') was aborted",
                new int[0], reason);
        batch.setNextException(reason);

        assertThat(Failures.concernsOneOperation(batch)).isTrue();
        assertThat(Failures.tell(batch, true)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the ledger refuses this: ERROR: new row violates check constraint")
                .hasCause(batch);
    }

    @Test
    void aStoreThatFailsDoesNotFailForOneOperation() {
        var away = new SQLException("FATAL: terminating connection due to administrator command", "57P01");

        assertThat(Failures.concernsOneOperation(away)).isFalse();
        assertThat(Failures.tell(away, false)).isInstanceOf(LedgerUnavailable.class)
                .hasMessage("the ledger's store failed: FATAL: terminating connection due to administrator command");
    }

    @Test
    void aBatchThatGivesNoReasonSaysWhatItSays() {
        assertThat(Failures.why(new BatchUpdateException("the batch failed", new int[0], null)))
                .isEqualTo("the batch failed");
    }
}
