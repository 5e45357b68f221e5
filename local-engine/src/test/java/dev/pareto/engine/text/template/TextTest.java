package dev.pareto.engine.text.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.pareto.engine.text.Segment;

/** Where each character of a result comes from; own characters are shown in brackets. */
final class TextTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {"<{{ x }}>;[<]Foo bar[>]",
            "{{ '[' + x + ']' ~ x }};[[]Foo bar[]]Foo bar", "{{ (' ' + x + ' ')|trim }};Foo bar",
            "{{ ('a' + x)[0:3] }};[a]Fo", "{{ ('ab' + x)[::-1] }};rab ooF[ba]", "{{ x|upper + 'q'|upper }};FOO BAR[Q]",
            "{{ ('a ' + x)|title }};[A ]Foo Bar", "{{ x.replace('o', '0') }};F[00] bar",
            "{{ 'q o'.replace('o', x) }};[q ]Foo bar", "{{ x.split(' ')|join('-') }};Foo[-]bar",
            "{{ x.split()[1] }};bar", "{{ [x, 'y']|tojson }};[[\"]Foo bar[\", \"y\"]]",
            "{{ {x: 1} }};[{']Foo bar[': 1}]",
            "{{ '%s!' % x }};Foo bar[!]", "{{ '<{}>'.format(x) }};[<]Foo bar[>]", "{{ x|capitalize }};Foo bar",
            "{{ x|indent(1, true) }};[ ]Foo bar", "{% set y %}a{{ x }}{% endset %}{{ y }};[a]Foo bar",
            "{% macro m(v) %}({{ v }}){% endmacro %}{{ m(x) }};[(]Foo bar[)]", "{{ x * 2 }};Foo barFoo bar",
            "{% for c in x %}{{ c }}{% endfor %};Foo bar", "{{ x|list|last }};r", "{{ x|reverse }};rab ooF",
            "{{ d|dictsort|first|join('=') }};key[=]value", "{{ d|items|first|first }};key",
            "{{ r }}{{ x|length }};[user7]"})
    void everyOperationKeepsTheOrigin(String source, String expected) {
        var segments = Template.parse(source, Bounds.DEFAULT)
                .render(Map.of(),
                        Map.of("x", "Foo bar", "d", Map.of("key", "value"), "r", new Trusted("user")),
                        References.CLOCK);
        assertThat(shown(segments)).isEqualTo(expected);
    }

    private static String shown(List<Segment> segments) {
        var shown = new StringBuilder();
        for (var segment : segments) {
            shown.append(segment.trusted() ? "[" + segment.text() + "]" : segment.text());
        }
        return shown.toString();
    }
}
