package dev.pareto.proxy.dialect.openai;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The bounds under which JSON from outside is read: depth 64, numbers of 32 digits, no name twice in an object. */
public final class Json {

    static final int MAX_DEPTH = 64;

    /** For callers' requests. */
    private static final JsonFactory STRICT = factory(true);

    /** For vendors' answers: a name given twice is their affair, and looking for it costs time on every event. */
    private static final JsonFactory LENIENT = factory(false);

    private static final JsonMapper MAPPER = JsonMapper.builder(STRICT).build();

    private Json() {}

    static JsonParser strictParser(byte[] bytes) {
        return STRICT.createParser(ObjectReadContext.empty(), bytes);
    }

    static JsonParser lenientParser(byte[] bytes, int from, int length) {
        return LENIENT.createParser(ObjectReadContext.empty(), bytes, from, length);
    }

    /** The same bounds for whole trees; immutable and safe to share. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    private static JsonFactory factory(boolean strict) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(32)
                        .maxNameLength(1_024)
                        .maxStringLength(64 << 20)
                        .build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict)
                .build();
    }
}
