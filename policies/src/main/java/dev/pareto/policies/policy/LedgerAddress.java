package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The database server in which several gateways keep one ledger.
 *
 * @param url as {@code jdbc:postgresql://host:5432/database}, without the password
 * @param user null where none is needed
 * @param password null where none is needed
 * @param replica the name under which this gateway writes; null for that of its machine
 */
public record LedgerAddress(String url, @Nullable String user, @Nullable Secret password, @Nullable String replica) {

    private static final String POSTGRESQL = "jdbc:postgresql:";

    public LedgerAddress {
        requireNonNull(url, "url is null");
        if (!url.startsWith(POSTGRESQL)) {
            throw new IllegalArgumentException("url must begin with " + POSTGRESQL + "//");
        }
        if (url.contains("password=")) {
            throw new IllegalArgumentException("url must not hold the password; write password: ${NAME_OF_A_VARIABLE}");
        }
        if (replica != null && !replica.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("replica must be 1 to 64 letters, digits, dots, dashes or underscores");
        }
    }
}
