package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.Secret;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateway listens and what it keeps.
 *
 * @param host of the data plane
 * @param port of the data plane, 0 for any free one
 * @param adminHost of the admin plane
 * @param adminPort of the admin plane, 0 for any free one
 * @param adminNames names besides its address by which browsers may reach the admin plane
 * @param maxBodyBytes the largest request body accepted
 * @param dataDir where the ledger and other state live
 * @param requireKeys whether callers must present a key; null asks for one as soon as there is one
 * @param keys the keys of the configuration that callers may present, besides those of the store
 * @param engine what the engine in this process may keep in memory
 * @param speculation how the engine in this process guesses tokens ahead
 * @param samples how sampled prompts rest; null where none may be kept
 * @param feedback what callers may say of answers
 * @param ledger the database server of the ledger and other state; null for a file in {@code dataDir}
 * @param books what is settled for the books
 */
public record GatewaySettings(String host, int port, String adminHost, int adminPort, List<String> adminNames,
        long maxBodyBytes, String dataDir, @Nullable Boolean requireKeys, List<CallerKey> keys,
        EngineLimits engine, Speculation speculation, @Nullable Samples samples, Feedback feedback,
        @Nullable LedgerAddress ledger, Bookkeeping books) {

    public static final GatewaySettings DEFAULT = new GatewaySettings("0.0.0.0", 8080, "127.0.0.1", 8081, List.of(),
            10_000_000L, "data", null, List.of(), EngineLimits.DEFAULT, Speculation.OFF);

    public GatewaySettings {
        requireNonNull(host, "host is null");
        requireNonNull(adminHost, "adminHost is null");
        requireNonNull(dataDir, "dataDir is null");
        requireNonNull(engine, "engine is null");
        requireNonNull(speculation, "speculation is null");
        requireNonNull(feedback, "feedback is null");
        requireNonNull(books, "books is null");
        adminNames = List.copyOf(adminNames);
        keys = List.copyOf(keys);
        if (port < 0 || port > 65_535 || adminPort < 0 || adminPort > 65_535) {
            throw new IllegalArgumentException("a port must be 0 to 65535, got " + port + " and " + adminPort);
        }
        if (port != 0 && port == adminPort) {
            throw new IllegalArgumentException("port and admin-port are both " + port);
        }
        if (maxBodyBytes < 1 || maxBodyBytes > 1_000_000_000L) {
            throw new IllegalArgumentException("max-body must be 1 B to 1 GB, got " + maxBodyBytes + " B");
        }
    }

    /** Settings under which no prompt is ever kept. */
    public GatewaySettings(String host, int port, String adminHost, int adminPort, List<String> adminNames,
            long maxBodyBytes, String dataDir, @Nullable Boolean requireKeys, List<CallerKey> keys,
            EngineLimits engine, Speculation speculation) {
        this(host, port, adminHost, adminPort, adminNames, maxBodyBytes, dataDir, requireKeys, keys, engine,
                speculation, null, Feedback.DEFAULT, null, Bookkeeping.NONE);
    }

    /** Settings with the ledger in a file. */
    public GatewaySettings(String host, int port, String adminHost, int adminPort, List<String> adminNames,
            long maxBodyBytes, String dataDir, @Nullable Boolean requireKeys, List<CallerKey> keys,
            EngineLimits engine, Speculation speculation, @Nullable Samples samples, Feedback feedback) {
        this(host, port, adminHost, adminPort, adminNames, maxBodyBytes, dataDir, requireKeys, keys, engine,
                speculation, samples, feedback, null, Bookkeeping.NONE);
    }

    GatewaySettings with(@Nullable LedgerAddress address, Bookkeeping books) {
        return new GatewaySettings(host, port, adminHost, adminPort, adminNames, maxBodyBytes, dataDir, requireKeys,
                keys, engine, speculation, samples, feedback, address, books);
    }

    /**
     * What callers may say of answers.
     *
     * @param maxAge of an answer that is still spoken of
     * @param comments whether their words are kept, as they are, beside the score
     * @param keepLabels how long what was said of answers, by callers, judges and evals, is learned from
     */
    public record Feedback(Duration maxAge, boolean comments, Duration keepLabels) {

        public static final Duration DEFAULT_KEEP_LABELS = Duration.ofDays(180);
        public static final Feedback DEFAULT = new Feedback(Duration.ofDays(7), false, DEFAULT_KEEP_LABELS);

        public Feedback {
            if (maxAge.compareTo(Duration.ofMinutes(1)) < 0 || maxAge.compareTo(Duration.ofDays(366)) > 0) {
                throw new IllegalArgumentException("feedback is taken for 1 min to 366 d, not " + maxAge);
            }
            if (keepLabels.compareTo(Duration.ofDays(1)) < 0 || keepLabels.compareTo(Duration.ofDays(3_660)) > 0) {
                throw new IllegalArgumentException("labels are kept 1 d to 3660 d, not " + keepLabels);
            }
        }

        /** Labels are kept as long as usual. */
        public Feedback(Duration maxAge, boolean comments) {
            this(maxAge, comments, DEFAULT_KEEP_LABELS);
        }
    }

    /**
     * How sampled prompts rest.
     *
     * @param key under which they are encrypted
     * @param keep how long; then they are deleted
     */
    public record Samples(Secret key, Duration keep) {

        public static final Duration DEFAULT_KEEP = Duration.ofDays(30);

        private static final int KEY_BYTES = 32;

        public Samples {
            requireNonNull(key, "key is null");
            if (bytes(key.reveal().strip()) != KEY_BYTES) {
                throw new IllegalArgumentException("samples' key is not 32 bytes in base64 or hex; make one with"
                        + " 'openssl rand -base64 32'");
            }
            if (keep.compareTo(Duration.ofHours(1)) < 0 || keep.compareTo(Duration.ofDays(366)) > 0) {
                throw new IllegalArgumentException("samples are kept 1 h to 366 d, not " + keep);
            }
        }

        private static int bytes(String key) {
            try {
                return key.length() == 2 * KEY_BYTES
                        ? HexFormat.of().parseHex(key).length
                        : Base64.getDecoder().decode(key).length;
            } catch (IllegalArgumentException e) {
                return 0;
            }
        }
    }

    /**
     * How the engine guesses tokens of answers ahead; no answer changes by it.
     *
     * @param nGram whether to guess what followed the last tokens before, in prompt or answer
     * @param mostTokens guessed at once, 1 to 16
     * @param mostRunning requests of one model up to which it guesses, 1 to 16
     * @param drafts by the name of a model's file the name of a smaller one in the same folder that guesses for it
     */
    public record Speculation(boolean nGram, int mostTokens, int mostRunning, Map<String, String> drafts) {

        public static final Speculation OFF = new Speculation(false, 8, 3, Map.of());

        public Speculation {
            drafts = Map.copyOf(drafts);
            if (mostTokens < 1 || mostTokens > 16 || mostRunning < 1 || mostRunning > 16) {
                throw new IllegalArgumentException("most-tokens and most-running must be 1 to 16, got " + mostTokens
                        + " and " + mostRunning);
            }
            drafts.forEach((model, draft) -> {
                if (model.equals(draft)) {
                    throw new IllegalArgumentException("the model " + model + " cannot draft for itself");
                }
            });
        }
    }

    /**
     * A key that a caller presents.
     *
     * @param name for people and reports
     * @param secret the key itself
     * @param tenant whose spending and whose cache it is
     * @param tags recorded with every attempt
     * @param may what its bearer may do besides
     */
    public record CallerKey(String name, Secret secret, String tenant, Map<String, String> tags,
            Set<Permission> may) {

        public CallerKey {
            requireNonNull(name, "name is null");
            requireNonNull(secret, "secret is null");
            requireNonNull(tenant, "tenant is null");
            tags = Map.copyOf(tags);
            may = Set.copyOf(may);
        }

        /** A key for calls alone. */
        public CallerKey(String name, Secret secret, String tenant, Map<String, String> tags) {
            this(name, secret, tenant, tags, Set.of());
        }
    }
}
