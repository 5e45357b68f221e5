package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.Secret;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server that takes the gateway's mail.
 *
 * @param security of the line to it
 * @param user null where it asks for no name
 * @param password null where it asks for none
 * @param from the address that mail comes from
 * @param timeLimit of a connection, and of each answer on it
 */
public record MailServer(String host, int port, Security security, @Nullable String user, @Nullable Secret password,
        String from, Duration timeLimit) {

    public static final Duration USUAL_TIME_LIMIT = Duration.ofSeconds(20);

    /** An address as we take it: one, in ASCII, without a name before it, so that nothing can be put into a header with it. */
    private static final Pattern ADDRESS = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    /** How the line to the server is kept from being read. */
    public enum Security {
        /** Plain at first; a server that does not turn to TLS gets no mail. */
        STARTTLS(587),
        /** From the first byte. */
        TLS(465),
        /** Not at all, for a server on the same machine. */
        NONE(25);

        private final int usualPort;

        Security(int usualPort) {
            this.usualPort = usualPort;
        }

        public int usualPort() {
            return usualPort;
        }
    }

    public MailServer {
        requireNonNull(security, "security is null");
        if (!host.matches("[A-Za-z0-9][A-Za-z0-9.:-]{0,252}")) {
            throw new IllegalArgumentException("host is the name of a mail server, not '" + host + "'");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port is 1 to 65535, not " + port);
        }
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("user and password go together; "
                    + (user == null ? "state the user" : "the password is missing or its variable is empty"));
        }
        if (security == Security.NONE && password != null) {
            throw new IllegalArgumentException("a password goes over no line that anybody can read; write security:"
                    + " starttls or tls");
        }
        requireAddress("from", from);
        if (timeLimit.compareTo(Duration.ofSeconds(1)) < 0 || timeLimit.compareTo(Duration.ofMinutes(2)) > 0) {
            throw new IllegalArgumentException("time-limit is 1 s to 2 min, not " + timeLimit);
        }
    }

    /** @throws IllegalArgumentException saying what was meant to be a mail address and is none */
    public static void requireAddress(String what, String address) {
        if (!ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException(
                    "'" + what + "' is a mail address such as finance@example.com, not '" + address + "'");
        }
    }
}
