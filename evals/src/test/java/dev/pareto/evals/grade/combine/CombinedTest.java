package dev.pareto.evals.grade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.TextGrader;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

final class CombinedTest {

    private static final Grader YES = fixed(Grade.right("yes"));
    private static final Grader NO = fixed(Grade.wrong("no"));
    private static final Grader HALF = fixed(Grade.partial(0.5, 0.4, "half"));
    private static final Grader FAILED = fixed(Grade.none("failed"));

    @Test
    void allTakesTheLowestAndAnyTheHighest() {
        assertThat(grade(Combined.Rule.ALL, YES, HALF)).extracting(Grade::score, Grade::pass)
                .containsExactly(0.5, true);
        assertThat(grade(Combined.Rule.ALL, YES, NO)).extracting(Grade::score, Grade::pass).containsExactly(0.0, false);
        assertThat(grade(Combined.Rule.ANY, NO, HALF)).extracting(Grade::score, Grade::pass).containsExactly(0.5, true);
        assertThat(grade(Combined.Rule.ANY, NO, NO).pass()).isFalse();
    }

    @Test
    void aFailedPartLeavesNoScoreUnlessTheRestSettlesIt() {
        assertThat(grade(Combined.Rule.ALL, YES, FAILED).score()).isNull();
        assertThat(grade(Combined.Rule.ALL, NO, FAILED).score()).isEqualTo(0.0);
        assertThat(grade(Combined.Rule.ANY, NO, FAILED).score()).isNull();
        assertThat(grade(Combined.Rule.ANY, FAILED, YES).score()).isEqualTo(1.0);
        assertThat(grade(Combined.Rule.WEIGHTED, YES, FAILED).score()).isNull();
        assertThat(grade(Combined.Rule.NOT, FAILED).score()).isNull();
    }

    @Test
    void weightsCount() {
        Combined weighted = new Combined(Combined.Rule.WEIGHTED,
                List.of(new Combined.Part(YES, 3), new Combined.Part(NO, 1)), 0.75);
        assertThat(weighted.grade("", null)).extracting(Grade::score, Grade::pass).containsExactly(0.75, true);
    }

    @Test
    void firstFailAsksNobodyAfterAFailure() {
        AtomicInteger asked = new AtomicInteger();
        TextGrader dear = counting(asked);
        assertThat(grade(Combined.Rule.FIRST_FAIL, NO, dear).reason()).isEqualTo("no");
        assertThat(asked).hasValue(0);
        assertThat(grade(Combined.Rule.FIRST_FAIL, YES, dear).pass()).isTrue();
        assertThat(asked).hasValue(1);
        assertThat(grade(Combined.Rule.FIRST_FAIL, FAILED, dear).score()).isNull();
    }

    @Test
    void notTurnsScoreAndPassRound() {
        assertThat(grade(Combined.Rule.NOT, HALF)).extracting(Grade::score, Grade::pass).containsExactly(0.5, false);
        assertThat(grade(Combined.Rule.NOT, fixed(Grade.unreadable("?")))).extracting(Grade::pass, Grade::formatFailure)
                .containsExactly(true, false);
        assertThatThrownBy(() -> grade(Combined.Rule.NOT, YES, NO)).hasMessageContaining("'not' has one part");
    }

    private static Grade grade(Combined.Rule rule, Grader... parts) {
        return new Combined(rule, Stream.of(parts).map(part -> new Combined.Part(part, 1)).toList(), 0.5).grade("",
                null);
    }

    private static TextGrader counting(AtomicInteger asked) {
        return new Fixed(Grade.right("asked"), asked);
    }

    private static Grader fixed(Grade grade) {
        return new Fixed(grade, new AtomicInteger());
    }

    private record Fixed(Grade grade, AtomicInteger asked) implements TextGrader {

        @Override
        public Grade grade(String answer, @Nullable JsonNode expected) {
            asked.incrementAndGet();
            return grade;
        }

        @Override
        public @Nullable String problemWith(@Nullable JsonNode expected) {
            return null;
        }
    }
}
