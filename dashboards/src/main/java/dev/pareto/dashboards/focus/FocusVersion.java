package dev.pareto.dashboards.focus;

import static dev.pareto.dashboards.focus.FocusColumn.nullable;
import static dev.pareto.dashboards.focus.FocusColumn.required;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A released version of the specification and the columns that we fill of it: every mandatory one, and each conditional one whose
 * condition we meet. Source: FOCUS 1.2 and 1.3, Cost and Usage.
 */
public enum FocusVersion {
    V1_2("1.2"),
    /** Names who sells and who hosts apart from each other; {@code ProviderName} and {@code PublisherName} are to go after it. */
    V1_3("1.3");

    private final String id;

    FocusVersion(String id) {
        this.id = id;
    }

    /** As people write it, e.g. {@code 1.2}. */
    public String id() {
        return id;
    }

    /** The specification's columns by name, then ours. */
    public List<FocusColumn> columns() {
        List<FocusColumn> more = switch (this) {
            case V1_2 -> List.of();
            case V1_3 -> List.of(nullable("HostProviderName", FocusType.STRING),
                    required("ServiceProviderName", FocusType.STRING));
        };
        return Stream.concat(
                Stream.concat(FocusColumns.COMMON.stream(), more.stream())
                        .sorted(Comparator.comparing(FocusColumn::name)),
                FocusColumns.OURS.stream()).toList();
    }

    /**
     * @throws IllegalArgumentException when we do not export that version; the message names those we do
     */
    public static FocusVersion parse(String id) {
        return Arrays.stream(values())
                .filter(version -> version.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("FOCUS " + id + " is not exported; use one of "
                        + Arrays.stream(values()).map(FocusVersion::id).collect(Collectors.joining(", "))));
    }
}
