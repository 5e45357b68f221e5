package dev.pareto.engine.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hostile template ends with a clear error, soon. */
final class TemplateBoundsTest {

    private static final Bounds SMALL = new Bounds(2_000, 100, 200_000, 10_000, 100_000);

    @ParameterizedTest
    @ValueSource(strings = {"{% for i in range(100000000) %}{% endfor %}",
            "{% for i in range(9000) %}{% for j in range(9000) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(30) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
            "{% set ns = namespace(s=[1]) %}{% for i in range(30) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s == ns.s }}",
            "{% set ns = namespace(s=[]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s|string }}",
            "{% set ns = namespace(s=[]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s < ns.s }}",
            "{{ 'x' * 1000000000 }}", "{{ [1] * 1000000000 }}", "{{ ('x' * 90000).replace('', 'y' * 90000) }}",
            "{{ ('x' * 90000)|list|join('y' * 90000) }}", "{{ 'x'|indent(1000000)|indent(5, true) * 9999999 }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m(f) %}{{ f(f) }}{% endmacro %}{{ m(m) }}",
            "{% for i in range(9000) %}{{ ('x' * 90000).strip('y') }}{% endfor %}",
            "{% for c in 'x' * 90000 %}{% break %}{% endfor %}", "{{ ('x' * 90000)|list|length }}",
            "{{ ('x,' * 40000).split(',')|length }}", "{{ ('x,' * 40000).rsplit(',')|length }}",
            "{{ ('x ' * 40000).split()|length }}", "{{ ('x ' * 40000).rsplit()|length }}",
            "{{ ('x\\n' * 40000).splitlines()|length }}", "{{ ('&' * 90000)|e|length }}",
            "{% set t = 'x' * 90000 %}{% for i in range(3) %}{% set x = t|title %}{% endfor %}",
            "{% for i in range(9000) %}{{ ('x' * 90000)[1] }}{% endfor %}",
            "{{ 9223372036854775807 + 1 }}", "{{ 9 ** 99 }}", "{{ 99999999999999999999 }}", "{{ '%..f' % 1 }}",
            "{% set t = 'A' * 90000 %}{{ ([t] * 9000)|sort|length }}",
            "{% set t = 'A' * 90000 %}{{ ([t] * 9000)|unique(true)|length }}",
            "{% set t = 'a' * 90000 %}{{ t.find('a' * 80000 ~ 'b') }}",
            "{% set t = 'a' * 90000 %}{{ ('a' * 80000 ~ 'b') in t }}",
            "{% set t = 'x' * 90000 %}{% for i in range(9000) %}{{ ''.strip(t) }}{% endfor %}",
            "{% set t = '1' * 90000 %}{% for i in range(9000) %}{% set x = t|int %}{% endfor %}",
            "{% set t = '%%' * 40000 %}{% for i in range(9000) %}{% set x = strftime_now(t) %}{% endfor %}",
            "{% set t = 'x' * 40000 %}{% for i in range(9000) %}{% set x = [1, 1]|tojson(separators=(t, t)) %}{% endfor %}",
            "{% set t = [['a', 1]] * 9000 %}{% for i in range(9000) %}{% set x = dict(t) %}{% endfor %}",
            "{% set t = 'x' * 90000 %}{% for i in range(9000) %}{% set x = [{}]|map(attribute=t) %}{% endfor %}",
            "{% set t = 'x' * 90000 %}{% for i in range(9000) %}{% set x = {}[t] %}{% endfor %}",
            "{% set ns = namespace(t=('x',)) %}{% for i in range(60) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ 'y'.startswith(ns.t) }}",
            "{% set ns = namespace(t=('x',)) %}{% for i in range(9000) %}{% set ns.t = (ns.t,) %}{% endfor %}{{ 'y'.endswith(ns.t) }}"})
    void aTemplateThatAsksForTooMuchIsStopped(String source) {
        assertThatThrownBy(() -> Template.parse(source, SMALL).render(Map.of(), Map.of(), References.CLOCK))
                .isInstanceOf(TemplateException.class);
    }

    @Test
    void numbersThatAreNoneAreWrittenAndSortedOrRefused() {
        var infinite = "{% set inf = 1e308 * 10 %}";
        assertThat(References.text(Template.parse(infinite + "{{ '%f|%.2f' % (inf, inf - inf) }}", SMALL)
                .render(Map.of(), Map.of(), References.CLOCK))).isEqualTo("inf|nan");
        var source = infinite + "{{ ([3, inf - inf, 1, 2, inf - inf, 5, 4, 0, 7] * 60)|sort|length }}";
        try {
            assertThat(References.text(Template.parse(source, SMALL).render(Map.of(), Map.of(), References.CLOCK)))
                    .isEqualTo("540");
        } catch (TemplateException e) {
            assertThat(e).hasMessageContaining("no order");
        }
    }

    @Test
    void aReasonIsNoLongerThanAReaderNeeds() {
        assertThatThrownBy(() -> Template.parse("{{ raise_exception('x' * 90000) }}", SMALL)
                .render(Map.of(), Map.of(), References.CLOCK))
                .message()
                .hasSizeBetween(1000, 3000);
    }

    @Test
    void deepNestingIsRefusedBeforeItCostsTheStack() {
        for (var source : List.of("{{ " + "(".repeat(900) + "1" + ")".repeat(900) + " }}",
                "{{ " + "[".repeat(900) + "]".repeat(900) + " }}", "{{ " + "not ".repeat(400) + "1 }}",
                "{{ " + "- ".repeat(900) + "1 }}", "{{ " + "1 if ".repeat(300) + "1 }}",
                "{{ 1" + " + 1".repeat(400) + " }}", "{{ x" + ".a".repeat(900) + " }}",
                "{% if 1 %}".repeat(150) + "{% endif %}".repeat(150), "{% set " + "(".repeat(900) + "a %}")) {
            assertThatThrownBy(() -> Template.parse(source, SMALL)
                    .render(Map.of(), Map.of("x", Map.of()),
                            References.CLOCK))
                    .isInstanceOf(TemplateException.class);
        }
    }

    @Test
    void anErrorNamesItsLine() {
        assertThatThrownBy(() -> Template.parse("a\n\n{% if %}", SMALL)).isInstanceOf(TemplateException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("expected an expression");
        assertThatThrownBy(() -> Template.parse("a\n{{ b.c.d }}", SMALL)
                .render(Map.of(), Map.of("b", Map.of()),
                        References.CLOCK))
                .hasMessage("chat template, line 2: 'c' of a mapping is undefined");
        assertThatThrownBy(() -> Template.parse("\n\n{{ raise_exception('only users') }}", SMALL)
                .render(Map.of(),
                        Map.of(), References.CLOCK))
                .hasMessage("chat template, line 3: the template refuses: only users");
        assertThatThrownBy(() -> Template.parse("{{ x|nosuch }}", SMALL).render(Map.of(), Map.of(), References.CLOCK))
                .hasMessageContaining("unknown filter 'nosuch'");
    }

    @Test
    void aNulAndAnOverlongTemplateAreRefused() {
        assertThatThrownBy(() -> Template.parse("a\n\0b", SMALL)).hasMessageContaining("line 2")
                .hasMessageContaining("NUL");
        assertThatThrownBy(() -> Template.parse("a".repeat(2_001), SMALL)).hasMessageContaining("2000 characters");
    }

    @Test
    void onlyPlainDataComesIn() {
        assertThatThrownBy(() -> Template.parse("x", SMALL)
                .render(Map.of(), Map.of("o", new Object()),
                        References.CLOCK))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("not plain data");
    }

    @Test
    void deepDataIsRefused() {
        Object data = "x";
        for (int i = 0; i < 100; i++) {
            data = List.of(data);
        }
        var deep = data;
        assertThatThrownBy(
                () -> Template.parse("x", SMALL).render(Map.of(), Map.of("d", deep), References.CLOCK))
                .hasMessageContaining("nests deeper than 64");
    }

    @Test
    void aMegabyteOfMessagesIsWithinTheBounds() {
        var messages = new ArrayList<Map<String, String>>();
        for (int i = 0; i < 200; i++) {
            messages.add(Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", "word ".repeat(1_000)));
        }
        var template = Template.parse(References.resource("templates/qwen3.jinja"), Bounds.DEFAULT);
        var text = References.text(template.render(Map.of(), Map.of("messages", messages), References.CLOCK));
        assertThat(text).hasSizeGreaterThan(1_000_000);
    }
}
