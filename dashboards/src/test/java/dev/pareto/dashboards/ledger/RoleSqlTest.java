package dev.pareto.dashboards.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.store.RoleSql;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What SQL says of roles is what the enumeration says. */
final class RoleSqlTest {

    @Test
    void whoGetsAnAnswerIsSaidOnce() {
        assertThat(names(RoleSql.FACING)).containsExactlyInAnyOrderElementsOf(roles(AttemptRole::answersCaller));
        assertThat(Stream.of(RoleSql.DRAFTS, RoleSql.BESIDE).flatMap(list -> names(list).stream()))
                .containsExactlyInAnyOrderElementsOf(roles(role -> !role.answersCaller()));
    }

    private static List<String> roles(Predicate<AttemptRole> chosen) {
        return Arrays.stream(AttemptRole.values()).filter(chosen).map(Enum::name).toList();
    }

    private static List<String> names(String sql) {
        return Arrays.asList(sql.replaceAll("[()' ]", "").split(","));
    }
}
