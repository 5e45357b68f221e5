package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.JsonLines;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reaches judges through a model client: tries again what may succeed later, and keeps every reply in an append-only file, so
 * that a resumed run asks no judge twice. Thread-safe.
 */
public final class JudgeCalls implements JudgeClient, AutoCloseable {

    private static final int MAX_LINE_BYTES = 4 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final ModelClient client;
    private final int attempts;
    private final EvalRunner.Pause pause;
    private final Map<String, Reply> known = new ConcurrentHashMap<>();
    private final Set<ModelId> letIn = ConcurrentHashMap.newKeySet();
    private final Map<ModelId, String> denials = new ConcurrentHashMap<>();
    private final OutputStream out;

    /** Who pays for the calls that are really made; a reply that is kept costs nothing again. */
    public interface Purse {

        /** Pays whatever is asked. */
        Purse BOTTOMLESS = new Purse() {
            @Override
            public void open() {}

            @Override
            public void close(boolean answered, @Nullable Money cost) {}
        };

        /**
         * A call is about to be made.
         *
         * @throws JudgeException when it might cost more than is left
         */
        void open() throws JudgeException, InterruptedException;

        /** It has ended. {@code cost} is null when nobody knows. */
        void close(boolean answered, @Nullable Money cost);
    }

    /**
     * @param attempts calls per question before it is given up
     * @param file where replies are kept; made when it is missing
     * @throws IOException when it cannot be read or written
     */
    public JudgeCalls(ModelClient client, int attempts, EvalRunner.Pause pause, Path file) throws IOException {
        this.client = requireNonNull(client, "client is null");
        this.attempts = attempts;
        this.pause = requireNonNull(pause, "pause is null");
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        long whole = Files.exists(file) ? load(file) : 0;
        this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        if (whole < Files.size(file)) {
            // A crash tore the last line; the next one must not be glued to it.
            out.write('\n');
        }
    }

    @Override
    public Reply ask(ModelId judge, List<Map<String, Object>> messages, Map<String, Object> sampling)
            throws JudgeException, InterruptedException {
        return ask(judge, messages, sampling, Purse.BOTTOMLESS);
    }

    /** Likewise, at the expense of the purse. */
    public Reply ask(ModelId judge, List<Map<String, Object>> messages, Map<String, Object> sampling, Purse purse)
            throws JudgeException, InterruptedException {
        ObjectNode question = JsonNodeFactory.instance.objectNode().put("judge", judge.toString());
        question.set("messages", JsonMapper.shared().valueToTree(messages));
        question.set("sampling", JsonMapper.shared().valueToTree(sampling));
        String key = CanonicalJson.sha256(question);
        Reply kept = known.get(key);
        if (kept != null) {
            return kept;
        }
        String denial = denials.get(judge);
        if (denial != null) {
            throw new JudgeException(denial);
        }
        Reply reply = call(judge, messages, sampling, purse);
        letIn.add(judge);
        known.put(key, reply);
        keep(key, judge, reply);
        return reply;
    }

    /** Why its vendor lets nobody in, who was then not asked again; null while nobody knows of that. */
    public @Nullable String denial(ModelId judge) {
        return denials.get(judge);
    }

    private Reply call(ModelId judge, List<Map<String, Object>> messages, Map<String, Object> sampling, Purse purse)
            throws JudgeException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            try {
                Answer answer = paid(judge, messages, sampling, purse);
                return new Reply(answer.text(), answer.latency(), answer.cost());
            } catch (ModelCallException e) {
                if (e.denied() && !letIn.contains(judge)) {
                    denials.put(judge, String.valueOf(e.getMessage()));
                }
                if (!e.retryable() || attempt >= attempts) {
                    throw new JudgeException(String.valueOf(e.getMessage()));
                }
                Duration asked = e.retryAfter();
                pause.pause(asked == null ? FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 5)) : asked);
            }
        }
    }

    private Answer paid(ModelId judge, List<Map<String, Object>> messages, Map<String, Object> sampling, Purse purse)
            throws JudgeException, ModelCallException, InterruptedException {
        purse.open();
        Answer answer = null;
        try {
            answer = client.ask(judge, messages, sampling);
            return answer;
        } finally {
            purse.close(answer != null, answer == null ? null : answer.cost());
        }
    }

    private void keep(String key, ModelId judge, Reply reply) throws JudgeException {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        Money cost = reply.cost();
        line.put("key", key).put("judge", judge.toString()).put("text", reply.text());
        line.put("latency_ns", reply.latency().toNanos());
        line.put("cost", cost == null ? null : cost.plain()).put("currency", cost == null ? null : cost.currency());
        synchronized (out) {
            try {
                // One call for the whole line: another run may be appending, too.
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new JudgeException("its reply could not be kept: " + e.getMessage());
            }
        }
    }

    /** Reads what is whole; a torn last line is left alone. Returns the bytes of whole lines. */
    private long load(Path file) throws IOException {
        byte[] last = new byte[1];
        long size = Files.size(file);
        try (FileChannel channel = FileChannel.open(file)) {
            if (size > 0) {
                channel.read(ByteBuffer.wrap(last), size - 1);
            }
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                take(bytes);
            }
        } catch (JsonLines.BadLineException e) {
            throw new IOException(file + ": line " + e.line() + ": " + e.reason(), e);
        }
        return last[0] == '\n' ? size : size - 1;
    }

    private void take(byte[] bytes) {
        try {
            JsonNode line = JsonMapper.shared().readTree(bytes);
            if (line.path("key").isString() && line.path("text").isString()) {
                String cost = line.path("cost").asString("");
                known.put(line.path("key").stringValue(), new Reply(line.path("text").stringValue(),
                        Duration.ofNanos(line.path("latency_ns").asLong(0)), cost.isEmpty()
                                ? null
                                : new Money(new BigDecimal(cost), line.path("currency").asString("USD"))));
            }
        } catch (JacksonException e) {
            // The line that a crash tore: its question is asked again.
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (out) {
            out.close();
        }
    }
}
