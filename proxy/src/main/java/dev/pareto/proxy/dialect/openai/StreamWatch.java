package dev.pareto.proxy.dialect.openai;

import java.io.ByteArrayOutputStream;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Watches one event stream on its way to the caller: finds usage, model and finish reason, and tells whether it is whole. Where
 * the gateway itself asked for the usage, it takes out again what that added (the last, empty chunk and {@code "usage":null}
 * in the others), so that the caller gets the bytes that it would have got without. Not thread-safe: one stream, one instance.
 */
public final class StreamWatch {

    /** Longer streams are cut: at 50 tokens a second this is days. */
    public static final long MAX_STREAM_BYTES = 64L << 20;

    private static final byte[] USAGE = ascii("\"usage\"");
    private static final byte[] FINISH = ascii("\"finish_reason\"");
    private static final byte[] CHOICES = ascii("\"choices\"");
    private static final byte[] ERROR = ascii("\"error\"");
    private static final List<byte[]> TEXTS = List.of(ascii("\"content\""), ascii("\"arguments\""), ascii("\"text\""),
            ascii("\"reasoning_content\""));

    private final SseFrames frames = new SseFrames();
    private final boolean hideUsage;
    private final boolean hideLogprobs;
    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private @Nullable String model;
    private @Nullable String finishReason;
    private @Nullable String usageRaw;
    private @Nullable String serviceTier;
    private boolean done;
    private boolean error;
    private boolean anyData;
    private boolean changed;
    private long outputCharacters;
    private long events;
    private long bytes;

    /** @param hideUsage whether the gateway asked for the usage and the caller did not */
    public StreamWatch(boolean hideUsage) {
        this(hideUsage, false);
    }

    /** @param hideLogprobs whether the gateway asked for log-probabilities and the caller did not */
    public StreamWatch(boolean hideUsage, boolean hideLogprobs) {
        this.hideUsage = hideUsage;
        this.hideLogprobs = hideLogprobs;
    }

    /**
     * Takes what came and returns what goes on to the caller: whole events only, so that a stream that breaks off in the middle
     * of one leaves no half line behind. Usually the very array that came.
     *
     * @throws RefusedException when an event or the stream is too large
     */
    public byte[] pass(byte[] chunk) {
        bytes += chunk.length;
        if (bytes > MAX_STREAM_BYTES) {
            throw new RefusedException(OpenAiError.upstream(502, "upstream_invalid",
                    "The vendor's stream is longer than " + MAX_STREAM_BYTES + " bytes."));
        }
        boolean nothingHeld = frames.held() == 0;
        passed.reset();
        changed = false;
        frames.feed(chunk, this::filter);
        return nothingHeld && frames.held() == 0 && !changed ? chunk : passed.toByteArray();
    }

    /** The stream ended in order: returns what was held back because no blank line followed. */
    public byte[] end() {
        passed.reset();
        frames.end(this::filter);
        return passed.toByteArray();
    }

    /** What was seen until now. */
    public Observed observed() {
        return new Observed(model, finishReason, usageRaw, serviceTier, done || finishReason != null, error,
                outputCharacters, events);
    }

    /** Whether {@code [DONE]} came: nothing that happens to the connection afterwards matters. */
    public boolean done() {
        return done;
    }

    private void filter(byte[] frame, int from, int to) {
        AnswerFacts facts = look(frame, from, to);
        if (hideUsage && Boolean.FALSE.equals(facts.choices()) && facts.usageRaw() != null) {
            changed = true;
            return;
        }
        Span member = hideUsage ? facts.usageNull() : null;
        if (member == null) {
            write(frame, from, to);
            return;
        }
        changed = true;
        Span cut = withComma(frame, member);
        byte[] rest = new byte[to - from - cut.length()];
        System.arraycopy(frame, from, rest, 0, cut.from() - from);
        System.arraycopy(frame, cut.to(), rest, cut.from() - from, to - cut.to());
        write(rest, 0, rest.length);
    }

    private void write(byte[] frame, int from, int to) {
        SseData data = hideLogprobs ? SseData.of(frame, from, to) : null;
        if (data == null || !data.inPlace()) {
            passed.write(frame, from, to - from);
            return;
        }
        Span json = data.span();
        byte[] hidden = Logprobs.hide(frame, json.from(), json.to());
        changed = true;
        passed.write(frame, from, json.from() - from);
        passed.writeBytes(hidden);
        passed.write(frame, json.to(), to - json.to());
    }

    /** The member and the comma that joined it to the others. */
    private static Span withComma(byte[] frame, Span member) {
        int before = member.from() - 1;
        while (blank(frame[before])) {
            before--;
        }
        if (frame[before] == ',') {
            return new Span(before, member.to());
        }
        int after = member.to();
        while (blank(frame[after])) {
            after++;
        }
        if (frame[after] != ',') {
            return new Span(before + 1, after);
        }
        after++;
        while (blank(frame[after])) {
            after++;
        }
        return new Span(member.from(), after);
    }

    private static boolean blank(byte value) {
        return value == ' ' || value == '\t';
    }

    /** Looks at one event; parses it only where its bytes promise something, which spares nine events of ten. */
    private AnswerFacts look(byte[] frame, int from, int to) {
        SseData data = SseData.of(frame, from, to);
        if (data == null) {
            return AnswerFacts.NONE;
        }
        if (data.isDone()) {
            done = true;
            return AnswerFacts.NONE;
        }
        byte[] array = data.array();
        int start = data.span().from();
        int end = data.span().to();
        countText(array, start, end);
        int usageAt = Bytes.indexOf(array, start, end, USAGE);
        boolean usage = usageAt >= 0 && (hideUsage || Bytes.memberIs(array, usageAt + USAGE.length, end, '{'));
        int finishAt = Bytes.indexOf(array, start, end, FINISH);
        boolean finished = finishAt >= 0 && Bytes.memberIs(array, finishAt + FINISH.length, end, '"');
        boolean failed = Bytes.indexOf(array, start, end, ERROR) >= 0 && Bytes.indexOf(array, start, end, CHOICES) < 0;
        if (anyData && !usage && !finished && !failed) {
            return AnswerFacts.NONE;
        }
        anyData = true;
        AnswerFacts facts = AnswerFacts.of(array, start, end);
        remember(facts);
        return data.inPlace()
                ? facts
                : new AnswerFacts(null, null, facts.usageRaw(), null, null, facts.choices(), false, 0);
    }

    private void remember(AnswerFacts facts) {
        model = facts.model() == null ? model : facts.model();
        finishReason = facts.finishReason() == null ? finishReason : facts.finishReason();
        usageRaw = facts.usageRaw() == null ? usageRaw : facts.usageRaw();
        serviceTier = facts.serviceTier() == null ? serviceTier : facts.serviceTier();
        error |= facts.error();
    }

    private void countText(byte[] array, int start, int end) {
        long before = outputCharacters;
        for (byte[] name : TEXTS) {
            int at = Bytes.indexOf(array, start, end, name);
            if (at >= 0) {
                outputCharacters += Bytes.stringLength(array, at + name.length, end);
            }
        }
        if (outputCharacters > before) {
            events++;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
