package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

final class StopStringsTest {

    @Test
    void aStopStringAcrossPiecesIsFoundAndNeverShown() {
        var stops = new StopStrings(List.of("\n\nUser:"));
        assertThat(stops.accept("Hello\n")).isEqualTo("Hello");
        assertThat(stops.accept("\nUs")).isEmpty();
        assertThat(stops.found()).isNull();
        assertThat(stops.accept("er: more")).isEmpty();
        assertThat(stops.found()).isEqualTo("\n\nUser:");
        assertThat(stops.accept("later")).isEmpty();
        assertThat(stops.flush()).isEmpty();
    }

    @Test
    void textThatOnlyLookedLikeAStopStringComesOut() {
        var stops = new StopStrings(List.of("###"));
        assertThat(stops.accept("a##")).isEqualTo("a");
        assertThat(stops.accept("b")).isEqualTo("##b");
        assertThat(stops.accept("#")).isEmpty();
        assertThat(stops.flush()).isEqualTo("#");
    }

    @Test
    void theStopStringThatIsCompleteFirstCounts() {
        var stops = new StopStrings(List.of("abcd", "c", "bc"));
        assertThat(stops.accept("xabcd")).isEqualTo("xa");
        assertThat(stops.found()).isEqualTo("bc");
    }

    @Test
    void anEmptyStopStringIsRefused() {
        assertThatThrownBy(() -> new StopStrings(List.of(""))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
    }

    @Test
    void theResultDoesNotDependOnThePieces() {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            var text = letters(random, random.nextInt(14));
            var stops = List.of(letters(random, random.nextInt(1, 5)), letters(random, random.nextInt(1, 5)));
            var whole = new StopStrings(stops);
            var expected = whole.accept(text) + whole.flush();
            var pieces = new StopStrings(stops);
            var shown = new StringBuilder();
            for (int at = 0; at < text.length();) {
                int to = Math.min(text.length(), at + random.nextInt(1, 4));
                shown.append(pieces.accept(text.substring(at, to)));
                at = to;
            }
            shown.append(pieces.flush());
            assertThat(shown.toString()).isEqualTo(expected);
            assertThat(pieces.found()).isEqualTo(whole.found());
        }
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 'a', 'd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint,
                        StringBuilder::append)
                .toString();
    }
}
