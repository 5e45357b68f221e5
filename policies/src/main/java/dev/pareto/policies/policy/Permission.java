package dev.pareto.policies.policy;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a key lets its bearer do besides calling models. */
public enum Permission {
    /** Send a whole policy in the header {@code Pareto-Policy}. */
    SEND_POLICIES("send-policies");

    private final String text;

    Permission(String text) {
        this.text = text;
    }

    /** As it is written in files, on the command line and in the store. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException naming those that there are */
    public static Permission parse(String text) {
        for (Permission permission : values()) {
            if (permission.text.equals(text)) {
                return permission;
            }
        }
        throw new IllegalArgumentException("write "
                + Arrays.stream(values()).map(Permission::text).collect(Collectors.joining(" or ")) + ", not '" + text
                + "'");
    }
}
