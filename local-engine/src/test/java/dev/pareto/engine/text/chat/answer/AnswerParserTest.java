package dev.pareto.engine.text.chat.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family's answers, cut at every place; forms are those of llama.cpp's tests/test-chat.cpp. */
final class AnswerParserTest {

    private static final String HERMES = "<tool_call> <think> </think>";
    private static final String LLAMA3 = "<|start_header_id|>ipython<|end_header_id|> <|python_tag|>";
    private static final String XML = "<tool_call> <function= <parameter=";
    private static final String MISTRAL = "[TOOL_CALLS]";
    private static final String DEEPSEEK = "<｜tool▁calls▁begin｜> </think>";
    private static final String HARMONY = "<|channel|> <|message|>";
    private static final String LIST = "<|tool_call|>";
    private static final String COMMAND = "<|START_ACTION|> <|START_THINKING|>";
    private static final String GENERIC = "";

    /** An answer and what must be told of it. */
    record Case(String template, String open, String text, Told told) {

        @Override
        public String toString() {
            return text.replace('\n', ' ');
        }
    }

    private static Case expect(String template, String open, String text, String content, String reasoning,
            String... calls) {
        return new Case(template, open, text, new Told(content, reasoning, List.of(calls)));
    }

    private static final String KOELN = "get_weather({\"city\": \"Köln\"})";

    static Stream<Case> answers() {
        return Stream.of(
                // Hermes, Qwen
                expect(HERMES, "", "Hello, world!\nWhat's up?", "Hello, world!\nWhat's up?", ""),
                expect(HERMES, "", "  \n", "  \n", ""),
                expect(HERMES, "",
                        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}}\n</tool_call>",
                        "", "", KOELN),
                expect(HERMES, "",
                        "Let me see.\n<tool_call>{\"arguments\": {\"city\": \"Köln\"}, \"name\": \"get_weather\"}</tool_call>\n<tool_call>{\"name\":\"noop\",\"arguments\":{}}</tool_call>\n",
                        "Let me see.\n", "", KOELN, "noop({})"),
                expect(HERMES, "", "<tool_call>{\"name\": \"noop\", \"arguments\": {}}", "", "", "noop({})"),
                expect(HERMES, "", "<tool_call>{\"name\": \"noop\", \"arguments\": {}}</tool_call> Done.", " Done.", "",
                        "noop({})"),
                expect(HERMES, "", "<tool_call>{\"name\": \"noop\"}</tool_call>", "", "", "noop({})"),
                expect(HERMES, "",
                        "<tool_call>{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\": \\\"Köln\\\"}\"}}</tool_call>",
                        "", "", KOELN),
                expect(HERMES, "", "<think>\nI'm\nthinking\n</think>\n\nHello < 5 <tool", "Hello < 5 <tool",
                        "I'm\nthinking"),
                expect(HERMES, "<|im_start|>assistant\n<think>\n",
                        "I'm </thin thinking</think>\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}}\n</tool_call>",
                        "", "I'm </thin thinking", KOELN),
                expect(HERMES, "<think>\n\n</think>\n\n", "Hello <think> me", "Hello <think> me", ""),
                expect(HERMES, "<think>", "never done ", "", "never done"),
                expect(HERMES, "",
                        "<tool_call>{\"name\": \"python\", \"arguments\": {\"code\": \"print('</tool_call> \\\\ \\\"')\\n\", \"n\": [1, -2.5e3, true, null, {\"x\": []}]}}</tool_call>",
                        "", "",
                        "python({\"code\": \"print('</tool_call> \\\\ \\\"')\\n\", \"n\": [1, -2.5e3, true, null, {\"x\": []}]})"),
                // Llama 3.x
                expect(LLAMA3, "", "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Köln\"}}", "", "", KOELN),
                expect(LLAMA3, "",
                        "\n\n{\"type\": \"function\", \"name\": \"get_weather\", \"parameters\": {\"city\": \"Köln\"}}",
                        "", "", KOELN),
                expect(LLAMA3, "",
                        "<|python_tag|>{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Köln\"}}; {\"name\": \"noop\", \"parameters\": {}}",
                        "", "", KOELN, "noop({})"),
                expect(LLAMA3, "", "Sure: {\"name\": \"noop\", \"parameters\": {}}",
                        "Sure: {\"name\": \"noop\", \"parameters\": {}}", ""),
                expect(LLAMA3, "", "[get_weather(city=\"Köln\")]", "", "", KOELN),
                expect(LLAMA3, "", "\n[ get_weather( city = 'Köln', days=3,\n metric=True ), noop() ]<|eom|>",
                        "<|eom|>", "",
                        "get_weather({\"city\": \"Köln\", \"days\": 3, \"metric\": true})", "noop({})"),
                expect(LLAMA3, "",
                        "<|python_start|>[python(code='a = \"b\"\\n', x={'k': [1, -2.5e3, None, (), ('c',)], \"l\": {}}, )]<|python_end|>",
                        "", "",
                        "python({\"code\": \"a = \\\"b\\\"\\n\", \"x\": {\"k\": [1, -2.5e3, null, [], [\"c\"]], \"l\": {}}})"),
                expect(LLAMA3, "", "<|python_tag|>get_weather.call(city=\"K\\u00f6ln\\x21\\d\")", "", "",
                        "get_weather({\"city\": \"Köln!\\\\d\"})"),
                expect(LLAMA3, "", "[{\"name\": \"noop\", \"parameters\": {}}]", "", "", "noop({})"),
                expect(GENERIC, "", "[noop(), get_weather(city=\"Köln\")]", "", "", "noop({})", KOELN),
                // Qwen3-Coder, Seed-OSS
                expect(XML, "",
                        "<tool_call>\n<function=get_weather>\n<parameter=city>\nKöln\n</parameter>\n</function>\n</tool_call>",
                        "", "", KOELN),
                expect(XML, "",
                        "I look.\n<tool_call>\n<function=get_weather>\n<parameter=city>\nnull\n</parameter>\n<parameter=days>\n3\n</parameter>\n<parameter=metric>\nTrue\n</parameter>\n<parameter=tags>\n[\"a\", 'b']\n</parameter>\n<parameter=note>\nnull\n</parameter>\n<parameter=limit>None</parameter>\n<parameter=other>\n7\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=noop>\n</function>\n</tool_call>",
                        "I look.\n", "",
                        "get_weather({\"city\": \"null\", \"days\": 3, \"metric\": true, \"tags\": [\"a\", \"b\"], \"note\": null, \"limit\": null, \"other\": \"7\"})",
                        "noop({})"),
                expect(XML, "",
                        "<tool_call>\n<function=python>\n<parameter=code>\n\nif a < 1:\n\tprint(\"</p\\n\")\n\n</parameter>\n</function>\n</tool_call> Done.",
                        " Done.", "", "python({\"code\": \"\\nif a < 1:\\n\\tprint(\\\"</p\\\\n\\\")\\n\"})"),
                expect(XML, "",
                        "<function=get_weather><parameter=city></parameter><parameter=days>soon</parameter></function>",
                        "", "", "get_weather({\"city\": \"\", \"days\": \"soon\"})"),
                expect(XML, "",
                        "<tool_call><function=get_weather>\n<parameter=city>\nKöln\n<parameter=days>\n3\n</function>\n<function=noop>\n</tool_call>",
                        "", "", "get_weather({\"city\": \"Köln\", \"days\": 3})", "noop({})"),
                expect(XML, "", "<tool_call>{\"name\": \"noop\", \"arguments\": {}}</tool_call>", "", "", "noop({})"),
                expect("<function= <parameter= <seed:think> </seed:think>", "<seed:think>",
                        "hm</seed:think>\n<seed:tool_call>\n<function=get_weather>\n<parameter=city>Köln</parameter>\n</function>\n</seed:tool_call>",
                        "", "hm", KOELN),
                // Mistral
                expect(MISTRAL, "",
                        "[TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}, \"id\": \"123456789\"}, {\"name\": \"noop\", \"arguments\": {}}]",
                        "", "", KOELN, "noop({})"),
                expect(MISTRAL, "", "Well[TOOL_CALLS]get_weather[CALL_ID]123456789[ARGS]{\"city\": \"Köln\"}", "Well",
                        "",
                        KOELN),
                expect(MISTRAL, "", "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Köln\"}[TOOL_CALLS]noop[ARGS]{}", "", "",
                        KOELN, "noop({})"),
                expect(MISTRAL + "[THINK]", "", "[THINK]hm[/THINK]Hi", "Hi", "hm"),
                // DeepSeek
                expect(DEEPSEEK, "<｜Assistant｜><think>\n",
                        "hm\n</think>\n\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{\"city\": \"Köln\"}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>noop\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "", "hm", KOELN, "noop({})"),
                expect(DEEPSEEK, "</think>",
                        "Ok<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Köln\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "Ok", "", KOELN),
                expect(DEEPSEEK, "",
                        "<｜tool▁calls｜>function<｜tool▁sep｜>get_weather\n```json\n{\"city\": \"Köln\"}\n```<｜tool▁calls▁end｜>",
                        "", "", KOELN),
                // gpt-oss
                expect(HARMONY, "<|start|>assistant",
                        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Hello<|return|>",
                        "Hello", "hm"),
                expect(HARMONY, "<|start|>assistant",
                        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{\"city\": \"Köln\"}<|call|>",
                        "", "hm", KOELN),
                expect(HARMONY, "<|start|>assistant",
                        " to=functions.get_weather<|channel|>commentary json<|message|>{\"city\": \"Köln\"}", "", "",
                        KOELN),
                expect(HARMONY, "<|start|>assistant<|channel|>final<|message|>", "Hello <|no", "Hello <|no", ""),
                expect(HARMONY, "<|start|>assistant",
                        "<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.noop<|message|>{}<|call|>",
                        "I look.", "", "noop({})"),
                expect(HARMONY, "<|start|>assistant", "{\"a\": 1}", "{\"a\": 1}", ""),
                expect(HARMONY, "<|start|>assistant", "to", "to", ""),
                // Phi-4-mini, Granite, Command R7B, and what no marker tells
                expect(LIST, "",
                        "<|tool_call|>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}}]<|/tool_call|>",
                        "", "", KOELN),
                expect(LIST, "",
                        "functools[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}},{\"name\":\"noop\",\"arguments\":{}}]",
                        "", "", KOELN, "noop({})"),
                expect(COMMAND, "",
                        "<|START_THINKING|>hm<|END_THINKING|><|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"get_weather\", \"parameters\": {\"city\": \"Köln\"}}\n]<|END_ACTION|>",
                        "", "hm", KOELN),
                expect(COMMAND, "", "<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>Hello<|END_RESPONSE|>",
                        "Hello",
                        "hm"),
                expect(GENERIC, "", "[{\"name\": \"noop\", \"arguments\": {}}]", "", "", "noop({})"),
                expect(GENERIC, "", "{\"tool_call\": {\"name\": \"get_weather\", \"arguments\": {\"city\": \"Köln\"}}}",
                        "",
                        "", KOELN));
    }

    private static Told read(Case one, boolean streamed, List<String> pieces) {
        return Told.of(AnswerParser.of(Told.settings(one.template, one.open, true, streamed)), pieces);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerIsReadTheSameWhereverItIsCut(Case one) {
        for (boolean streamed : new boolean[]{false, true}) {
            assertThat(read(one, streamed, List.of(one.text))).isEqualTo(one.told);
            for (int cut = 1; cut < one.text.length(); cut++) {
                assertThat(read(one, streamed, List.of(one.text.substring(0, cut), one.text.substring(cut))))
                        .as("cut at %d", cut)
                        .isEqualTo(one.told);
            }
            assertThat(read(one, streamed, List.of(one.text.split("")))).isEqualTo(one.told);
        }
    }

    static Stream<Case> malformed() {
        return Stream.of(
                expect(HERMES, "", "<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\": }}</tool_call> x",
                        "", ""),
                expect(HERMES, "", "<tool_call>{\"name\": \"unknown\", \"arguments\": {}}</tool_call>", "", ""),
                expect(HERMES, "", "a <tool_call>{\"name\": \"noop\", \"argum", "", ""),
                expect(HERMES, "", "a <tool_call> no JSON </tool_call>\n\n", "", ""),
                expect(LLAMA3, "", " {\"answer\": 42} ", "", ""),
                expect(LLAMA3, "", "{\"name\": \"noop\"}", "", ""),
                expect(LLAMA3, "", "<|python_tag|>print(1)", "", ""),
                expect(LLAMA3, "", "[see](there)", "", ""),
                expect(LLAMA3, "", "[get_weather(\"Köln\")]", "", ""),
                expect(LLAMA3, "", "[get_weather(city=\"Köln\", city=\"Bonn\")]", "", ""),
                expect(LLAMA3, "", "[get_weather(city=\"Köln\"", "", ""),
                expect(LLAMA3, "", "[get_weather(city=[1)]", "", ""),
                expect(LLAMA3, "", "[get_weather(days=007)]", "", ""),
                expect(XML, "", "a <function=unknown>\n</function>", "", ""),
                expect(XML, "", "<tool_call><function=noop>text</function></tool_call>", "", ""),
                expect(XML, "", "<tool_call>\n<function=noop>\n<parameter=a>\n1\n</para", "", ""),
                expect(XML, "", "<tool_call><function=noop><parameter=a>1</parameter><parameter=a>", "", ""),
                expect(XML, "", "<function=" + "x".repeat(300), "", ""),
                expect(MISTRAL, "", "[TOOL_CALLS][{\"name\": 5}]", "", ""),
                expect(MISTRAL, "", "[TOOL_CALLS]get_weather[ARGS]{\"city\" \"x\"}", "", ""),
                expect(MISTRAL, "", "[TOOL_CALLS]" + "x".repeat(400), "", ""),
                expect(DEEPSEEK, "", "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>noop\n{]", "", ""),
                expect(DEEPSEEK, "", "<｜tool▁calls▁begin｜> and so on", "", ""),
                expect(HARMONY, "<|start|>assistant", "Hello", "", ""),
                expect(HARMONY, "<|start|>assistant",
                        "<|channel|>commentary to=functions.noop<|message|>{\"a\" 1} <tool>", "", ""),
                expect(GENERIC, "", "[1, 2, 3]", "", ""),
                expect(GENERIC, "", "{\"name\": \"noop\", \"arguments\": {}", "", ""));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedCallIsContentToTheLastByte(Case one) {
        for (int cut = 0; cut < one.text.length(); cut++) {
            assertThat(read(one, false, List.of(one.text.substring(0, cut), one.text.substring(cut))))
                    .isEqualTo(new Told(one.text, "", List.of()));
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void withoutToolsNoCallIsLookedFor(Case one) {
        var told = Told.of(AnswerParser.of(Told.settings(one.template, one.open, false, true)), List.of(one.text));

        assertThat(told.calls()).isEmpty();
        assertThat(told.reasoning()).isEqualTo(one.told.reasoning());
    }

    @Test
    void argumentsGoOutWhileTheyComeAndStayWhereTheyBreakOff() {
        var parser = AnswerParser.of(Told.settings(HERMES, "", true, true));

        assertThat(parser.accept("<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"ci"))
                .containsExactly(new AnswerEvent.CallStart(0, "call0", "get_weather"),
                        new AnswerEvent.CallArguments(0, "{\"ci"));
        assertThat(parser.accept("ty\": ")).containsExactly(new AnswerEvent.CallArguments(0, "ty\": "));
        assertThat(parser.finish()).isEmpty();
        assertThat(parser.calls()).isEmpty();
    }

    @Test
    void aCallWithinAnObjectThatBreaksOffIsContentAndNoCall() {
        var text = "<tool_call>{\"type\": \"function\", \"function\": {\"name\": \"noop\", \"arguments\": {}}, ";

        for (boolean streamed : new boolean[]{false, true}) {
            assertThat(Told.of(AnswerParser.of(Told.settings(HERMES, "", true, streamed)), List.of(text)))
                    .isEqualTo(new Told(text, "", List.of()));
            assertThat(Told.of(AnswerParser.of(Told.settings(HERMES, "", true, streamed)), List.of(text + "}")))
                    .isEqualTo(new Told(text + "}", "", List.of()));
        }
    }

    /** Names as long as they may be, and white space longer than it may be. */
    static Stream<Case> atTheBounds() {
        var v3 = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>";
        var v31 = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>";
        var tooWide = v3 + " ".repeat(400) + "{}";
        var tooLong = v3 + "noop" + " ".repeat(400) + "\n{}";
        return Stream.of(
                expect(DEEPSEEK, "", v31 + " ".repeat(295) + "noop<｜tool▁sep｜>{}", "", "", "noop({})"),
                expect(DEEPSEEK, "", tooWide, tooWide, ""), expect(DEEPSEEK, "", tooLong, tooLong, ""));
    }

    @ParameterizedTest
    @MethodSource("atTheBounds")
    void boundsAreTheSameWhereverTheTextIsCut(Case one) {
        assertThat(read(one, false, List.of(one.text))).isEqualTo(one.told);
        assertThat(read(one, false, List.of(one.text.split("")))).isEqualTo(one.told);
    }

    @Test
    void valuesBetweenTagsGoOutWhileTheyComeWhereTheyAreText() {
        var parser = AnswerParser.of(Told.settings(XML, "", true, true));

        assertThat(parser.accept("<tool_call>\n<function=get_weather>\n<parameter=city>\nK"))
                .containsExactly(new AnswerEvent.CallStart(0, "call0", "get_weather"),
                        new AnswerEvent.CallArguments(0, "{\"city\": \"K"));
        assertThat(parser.accept("öln\n</par")).containsExactly(new AnswerEvent.CallArguments(0, "öln"));
        assertThat(parser.accept("ameter>\n<parameter=days>1"))
                .containsExactly(new AnswerEvent.CallArguments(0, "\", \"days\": "));
        assertThat(parser.accept("2</parameter></function>")).containsExactly(new AnswerEvent.CallArguments(0, "12}"));
    }

    @Test
    void aCallInPythonGoesOutWhileItComes() {
        var parser = AnswerParser.of(Told.settings(LLAMA3, "", true, true));

        assertThat(parser.accept("[get_weather(ci"))
                .containsExactly(new AnswerEvent.CallStart(0, "call0", "get_weather"));
        assertThat(parser.accept("ty='K")).containsExactly(new AnswerEvent.CallArguments(0, "{\"city\": \"K"));
        assertThat(parser.accept("öln', days=1")).containsExactly(
                new AnswerEvent.CallArguments(0, "öln\", \"days\": "));
        assertThat(parser.accept("2)]")).containsExactly(new AnswerEvent.CallArguments(0, "12}"));
    }

    @Test
    void aGoodCallBehindABadOneIsFound() {
        var text = "<tool_call>oops<tool_call>{\"name\": \"noop\", \"arguments\": {}}</tool_call>";

        assertThat(Told.of(AnswerParser.of(Told.settings(HERMES, "", true, false)), List.of(text)))
                .isEqualTo(new Told("<tool_call>oops", "", List.of("noop({})")));
    }

    @Test
    void aForcedCallIsOnlyJson() {
        assertThat(Told.of(AnswerParser.forced(Told.settings(HERMES, "", true, true), "get_weather"),
                List.of("{\"city\"", ": \"Köln\"}")))
                .isEqualTo(new Told("", "", List.of(KOELN)));
        assertThat(Told.of(AnswerParser.forced(Told.settings(HERMES, "", true, true), null),
                List.of("{\"name\": \"get_weather\", \"argu", "ments\": {\"city\": \"Köln\"}}")))
                .isEqualTo(new Told("", "", List.of(KOELN)));
    }

    @Test
    void noInputMakesItFailOrLoseText() {
        var random = new Random(7);
        var pieces = List.of("<tool_call>", "</tool_call>", "{\"name\": \"noop\", \"arguments\": {", "}}", "<think>",
                "</think>", "[TOOL_CALLS]", "[", "]", "[ARGS]", "noop", "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>",
                "<｜tool▁sep｜>", "function", "\n```json\n", "<|channel|>", "analysis", "<|message|>", "<|end|>",
                "<|start|>assistant", "to=functions.noop", "{}", " ", "x", "\"", "<|tool_call|>", "<|python_tag|>",
                "<function=noop>", "<parameter=a>", "</parameter>", "\n</function>", "noop(", "a=", ")", "'");
        for (int round = 0; round < 3_000; round++) {
            var text = new ArrayList<String>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.add(pieces.get(random.nextInt(pieces.size())));
            }
            var whole = String.join("", text);
            for (var template : List.of(HERMES, XML, LLAMA3, MISTRAL, DEEPSEEK, HARMONY, LIST, COMMAND, GENERIC)) {
                var one = expect(template, "", whole, "", "");
                var told = read(one, false, List.of(whole));
                assertThat(read(one, false, List.of(whole.split("")))).as(whole).isEqualTo(told);
                if (told.calls().isEmpty() && told.reasoning().isEmpty() && !template.equals(HARMONY)
                        && !whole.contains("<think>")) {
                    assertThat(told.content()).isEqualTo(whole);
                }
            }
        }
    }

    @Test
    @Timeout(60)
    void aModelThatWritesNothingButWhiteSpaceCostsLittle() {
        var idle = " \n".repeat(200_000);
        for (var one : List.of(expect(LLAMA3, "", idle, idle, ""),
                expect(HARMONY, "<|start|>assistant", idle, idle, ""),
                expect(HERMES, "", "<tool_call>{\"name\": \"noop\"}" + idle, "", "", "noop({})"),
                expect(DEEPSEEK, "", "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>noop<｜tool▁sep｜>{}" + idle, "", "",
                        "noop({})"),
                expect(DEEPSEEK, "",
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>noop\n" + idle,
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>noop\n" + idle, ""))) {
            assertThat(read(one, false, List.of(one.text.split("")))).isEqualTo(one.told);
        }
    }

    @Test
    @Timeout(60)
    void manyMalformedCallsCostLittle() {
        var text = "<tool_call>{\"name\": \"noop\", \"arguments\": {\"x\": \"".repeat(20_000);

        assertThat(Told.of(AnswerParser.of(Told.settings(HERMES, "", true, false)), List.of(text)).content())
                .isEqualTo(text);
    }
}
