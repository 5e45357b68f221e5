package dev.pareto.proxy.access;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key of the admin port is for. Whoever keeps the books cannot change routes, and the other way round. */
public enum Role {
    /** An auditor, a team's lead: sees all figures and the journal, changes nothing. */
    VIEWER(EnumSet.of(Right.SEE)),
    /** A controller: closes months, books corrections, has reports sent. */
    FINANCE(EnumSet.of(Right.SEE, Right.KEEP_BOOKS)),
    /** An engineer: swaps, experiments, verdicts, with what was said in them. */
    OPERATOR(EnumSet.of(Right.SEE, Right.READ_WORDS, Right.STEER)), ADMIN(EnumSet.allOf(Right.class));

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
    private final Set<Right> rights;

    Role(Set<Right> rights) {
        this.rights = Set.copyOf(rights);
    }

    public boolean may(Right right) {
        return rights.contains(right);
    }

    public Set<Right> rights() {
        return rights;
    }

    /** As configuration, pages and the command line write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException with the names that there are */
    public static Role parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a role is " + Arrays.stream(values())
                        .map(Role::text)
                        .collect(Collectors.joining(", ")) + ", not '" + text + "'"));
    }

    /** Those that have it, as words: {@code finance or admin}. */
    static String having(Right right) {
        return Arrays.stream(values())
                .filter(role -> role.may(right))
                .map(Role::text)
                .collect(Collectors.joining(" or "));
    }
}
