package dev.pareto.policies.experiment;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Whom a request comes from, as far as it tells.
 *
 * @param user from the body; null when it does not say
 * @param conversation from {@code Pareto-Unit}; null when it does not say
 * @param key the tenant of the caller's key
 * @param request its id
 */
public record Who(@Nullable String user, @Nullable String conversation, String key, String request) {

    public Who {
        requireNonNull(key, "key is null");
        requireNonNull(request, "request is null");
        user = blankIsNull(user);
        conversation = blankIsNull(conversation);
    }

    private static @Nullable String blankIsNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** The name of the unit, apart from those of other kinds; null when the request is left out. */
    @Nullable
    String unit(Unit unit, MissingUnit missing) {
        String named = switch (unit) {
            case USER -> user == null ? null : "user/" + key + "/" + user;
            case CONVERSATION -> conversation == null ? null : "conversation/" + key + "/" + conversation;
            case KEY -> "key/" + key;
            case REQUEST -> "request/" + request;
        };
        return named != null ? named : switch (missing) {
            case LEAVE_OUT -> null;
            case KEY -> "key/" + key;
            case REQUEST -> "request/" + request;
        };
    }

    /** Who would ask again: the narrowest name that outlives the request. */
    public String asker() {
        return key + "/" + (conversation != null ? conversation : user != null ? user : "");
    }
}
