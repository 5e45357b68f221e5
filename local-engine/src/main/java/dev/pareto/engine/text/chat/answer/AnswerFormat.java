package dev.pareto.engine.text.chat.answer;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Segment;

/**
 * How a family of models writes its answers, recognised by the markers in its chat template (as llama.cpp's
 * {@code common/chat.cpp} does).
 *
 * @param family how calls are written
 * @param thinking how reasoning is marked, or null if the template knows none
 */
public record AnswerFormat(Family family, @Nullable Thinking thinking) {

    public AnswerFormat {
        requireNonNull(family, "family is null");
    }

    /** How calls are written. */
    public enum Family {
        /** {@code <｜tool▁calls▁begin｜>…}: DeepSeek V3, R1 and V3.1. */
        DEEPSEEK,
        /** {@code <|START_ACTION|>[{…}]<|END_ACTION|>}: Command R7B. */
        COMMAND,
        /** {@code <tool_call><function=name><parameter=key>…</parameter></function></tool_call>}: Qwen3-Coder, Seed-OSS. */
        XML,
        /** {@code <tool_call>{…}</tool_call>}: Qwen 2.5 and 3, Hermes. */
        HERMES,
        /** Channels: gpt-oss. */
        HARMONY,
        /** {@code [TOOL_CALLS][{…}]} and {@code [TOOL_CALLS]name[ARGS]{…}}: Mistral. */
        MISTRAL,
        /**
         * {@code {"name": …, "parameters": …}} or {@code [name(key="value")]}, perhaps behind {@code <|python_tag|>}: Llama
         * 3.1 to 4.
         */
        LLAMA3,
        /** {@code <|tool_call|>[{…}]<|/tool_call|>} and {@code functools[{…}]}: Phi-4-mini, Granite. */
        LIST,
        /** A JSON object with name and arguments, or a list of them or of calls in Python, as the whole answer. */
        GENERIC
    }

    static final List<String> XML_OPENS = List.of("<tool_call>", "<seed:tool_call>");
    static final List<String> XML_CLOSES = List.of("</tool_call>", "</seed:tool_call>");

    /** The marks around reasoning. */
    public record Thinking(String opens, String closes) {

        static final List<Thinking> KNOWN = List.of(new Thinking("<think>", "</think>"),
                new Thinking("[THINK]", "[/THINK]"), new Thinking("<|START_THINKING|>", "<|END_THINKING|>"),
                new Thinking("<seed:think>", "</seed:think>"));

        public Thinking {
            requireNonNull(opens, "opens is null");
            requireNonNull(closes, "closes is null");
        }
    }

    /** The format that a chat template shows. */
    public static AnswerFormat of(String template) {
        var thinking = Thinking.KNOWN.stream()
                .filter(marks -> template.contains(marks.opens()) || template.contains(marks.closes()))
                .findFirst()
                .orElse(null);
        return new AnswerFormat(family(template), thinking);
    }

    private static Family family(String template) {
        if (template.contains("<｜tool▁calls▁begin｜>")) {
            return Family.DEEPSEEK;
        } else if (template.contains("<|START_ACTION|>")) {
            return Family.COMMAND;
        } else if (template.contains(XmlCalls.FUNCTION) && template.contains("<parameter=")) {
            return Family.XML;
        } else if (template.contains("<tool_call>")) {
            return Family.HERMES;
        } else if (template.contains("<|channel|>") && template.contains("<|message|>")) {
            return Family.HARMONY;
        } else if (template.contains("[TOOL_CALLS]")) {
            return Family.MISTRAL;
        } else if (template.contains("<|start_header_id|>ipython<|end_header_id|>")
                || template.contains("<|header_start|>ipython<|header_end|>")
                || template.contains("<|python_tag|>") || template.contains("<|python_start|>")) {
            return Family.LLAMA3;
        } else if (template.contains("<|tool_call|>") || template.contains("<|tool|>")
                || template.contains("functools")) {
            return Family.LIST;
        }
        return Family.GENERIC;
    }

    /**
     * What ends the reasoning that a prompt began, or null if it began none.
     *
     * @param open the end of the prompt
     */
    public @Nullable String thought(String open) {
        return thinking != null && open.stripTrailing().endsWith(thinking.opens()) ? thinking.closes() : null;
    }

    /**
     * What comes before what an answer says.
     *
     * @param open the end of the prompt
     */
    public Lead lead(String open) {
        return Lead.of(this, open);
    }

    /**
     * The markers that the parser must see even where they are tokens without text.
     *
     * @param tools whether calls are looked for
     */
    public List<String> markers(boolean tools) {
        var markers = new ArrayList<String>();
        if (thinking != null) {
            markers.add(thinking.opens());
            markers.add(thinking.closes());
        }
        if (tools || family == Family.HARMONY) {
            markers.addAll(ofCalls());
        }
        if (family == Family.COMMAND) {
            markers.addAll(List.of("<|START_RESPONSE|>", "<|END_RESPONSE|>"));
        }
        return List.copyOf(markers);
    }

    private List<String> ofCalls() {
        return switch (family) {
            case DEEPSEEK -> List.of(Markers.DEEPSEEK_OPENS, "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>",
                    "<｜tool▁call▁end｜>", "<｜tool▁sep｜>");
            case COMMAND -> List.of("<|START_ACTION|>", "<|END_ACTION|>");
            case XML -> Stream.concat(XML_OPENS.stream(), XML_CLOSES.stream()).toList();
            case HERMES -> List.of("<tool_call>", "</tool_call>");
            case HARMONY -> List.of("<|start|>", "<|channel|>", "<|message|>", "<|constrain|>", "<|end|>", "<|call|>",
                    "<|return|>");
            case MISTRAL -> List.of("[TOOL_CALLS]", "[ARGS]", "[CALL_ID]");
            case LLAMA3 -> List.of("<|python_tag|>", "<|python_start|>", "<|python_end|>");
            case LIST -> List.of("<|tool_call|>", "<|/tool_call|>");
            case GENERIC -> List.of();
        };
    }

    /**
     * How a call begins that the model must make: what to put behind the prompt so that only JSON is left to write.
     *
     * @param tool the tool whose arguments follow; null if an object with the {@link #nameKey()} and the
     *            {@link #argumentsKey()} of the call follows
     */
    public List<Segment> opening(@Nullable String tool) {
        if (tool == null) {
            return List.of(own(switch (family) {
                case DEEPSEEK -> Markers.DEEPSEEK_OPENS;
                case COMMAND -> "<|START_ACTION|>[";
                case HERMES, XML -> "<tool_call>\n";
                case HARMONY -> "<|channel|>commentary<|message|>";
                case MISTRAL -> "[TOOL_CALLS][";
                case LIST -> "<|tool_call|>[";
                case LLAMA3, GENERIC -> "";
            }));
        }
        var name = new Segment(tool, false);
        return switch (family) {
            case DEEPSEEK -> List.of(own(Markers.DEEPSEEK_OPENS + "<｜tool▁call▁begin｜>function<｜tool▁sep｜>"), name,
                    own("\n```json\n"));
            case HARMONY -> List.of(own("<|channel|>commentary to=functions."), name,
                    own(" <|constrain|>json<|message|>"));
            case COMMAND, HERMES, XML, MISTRAL, LIST, LLAMA3, GENERIC -> List.of(
                    opening(null).getFirst(), own("{\"" + nameKey() + "\": \""), name,
                    own("\", \"" + argumentsKey() + "\": "));
        };
    }

    /** What ends a call that {@link #opening} began, behind its arguments; empty where the answer ends with it. */
    public String closing() {
        return switch (family) {
            case DEEPSEEK -> "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>";
            case HERMES, XML -> "}\n</tool_call>";
            case COMMAND -> "}]<|END_ACTION|>";
            case LIST -> "}]<|/tool_call|>";
            case MISTRAL -> "}]";
            case LLAMA3, GENERIC -> "}";
            case HARMONY -> "";
        };
    }

    /** The key of a tool's name in the JSON of a call. */
    public String nameKey() {
        return family == Family.COMMAND ? "tool_name" : "name";
    }

    /** The key of the arguments in the JSON of a call. */
    public String argumentsKey() {
        return family == Family.COMMAND || family == Family.LLAMA3 ? "parameters" : "arguments";
    }

    private static Segment own(String text) {
        return new Segment(text, true);
    }
}
