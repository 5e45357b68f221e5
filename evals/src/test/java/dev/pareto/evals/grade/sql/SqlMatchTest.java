package dev.pareto.evals.grade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.evals.grade.Grade;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SqlMatchTest {

    private static final JsonNode KEY = JsonMapper.shared()
            .valueToTree(
                    "SELECT name, COUNT(*) AS n FROM users u JOIN orders o ON u.id = o.user_id WHERE age != 3 AND city = 'Bern' GROUP BY name ORDER BY n ASC;");

    @ParameterizedTest
    @ValueSource(strings = {
            "select name, count(*) n from users u inner join orders o on u.id=o.user_id where city='Bern' and age<>3 group by name order by n",
            "```sql\nSELECT \"name\", COUNT( * ) AS n -- how many\nFROM users AS u\nJOIN `orders` o ON u.id = o.user_id\nWHERE age <> 3 /* no */ AND city = 'Bern'\nGROUP BY name\nORDER BY n\n```"})
    void dressDoesNotCount(String answer) {
        assertThat(new SqlMatch().grade(answer, KEY).reason()).isEqualTo("as expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "SELECT name, COUNT(*) n FROM users u JOIN orders o ON u.id = o.user_id WHERE age != 3 AND city = 'bern' GROUP BY name ORDER BY n",
            "SELECT name, COUNT(*) n FROM users u LEFT JOIN orders o ON u.id = o.user_id WHERE age != 3 AND city = 'Bern' GROUP BY name ORDER BY n",
            "SELECT name, COUNT(*) n FROM users u JOIN orders o ON u.id = o.user_id WHERE age != 3 OR city = 'Bern' GROUP BY name ORDER BY n",
            "SELECT name, COUNT(*) n FROM users u JOIN orders o ON u.id = o.user_id WHERE age != 3 AND city = 'Bern' GROUP BY name ORDER BY n DESC"})
    void meaningCounts(String answer) {
        assertThat(new SqlMatch().grade(answer, KEY)).extracting(Grade::pass, Grade::formatFailure)
                .containsExactly(false, false);
    }

    @Test
    void conditionsAreSortedOnlyWhereThatIsSafe() {
        assertThat(SqlText.normalised("select 1 where b between 1 and 2 and a = 1"))
                .isNotEqualTo(SqlText.normalised("select 1 where a = 1 and b between 2 and 1"));
        assertThat(SqlText.normalised("select 1 where (b = 2 and a = 1) and c = 3"))
                .isEqualTo(SqlText.normalised("select 1 where c = 3 and (b = 2 and a = 1)"));
        assertThat(SqlText.normalised("select 1 where a = 1 or b = 2 and c = 3"))
                .isNotEqualTo(SqlText.normalised("select 1 where c = 3 and a = 1 or b = 2"));
    }

    @Test
    void proseIsNoStatement() {
        assertThat(new SqlMatch().grade("You could use a join.", KEY).formatFailure()).isTrue();
        assertThat(new SqlMatch().problemWith(JsonMapper.shared().valueToTree("all users")))
                .contains("no SQL statement");
    }
}
