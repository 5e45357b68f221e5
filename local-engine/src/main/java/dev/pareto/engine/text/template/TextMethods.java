package dev.pareto.engine.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** The methods of strings, as Python has them. */
final class TextMethods {

    private TextMethods() {}

    /** The method of this name bound to the text, or null. What going over the text costs is charged here. */
    static @Nullable Callable find(Text text, String name, Meter meter) {
        meter.text(text.value().length());
        return switch (name) {
            case "strip" -> a -> strip(text, a.allow("chars").textOrNull(0, "chars"), true, true, meter);
            case "lstrip" -> a -> strip(text, a.allow("chars").textOrNull(0, "chars"), true, false, meter);
            case "rstrip" -> a -> strip(text, a.allow("chars").textOrNull(0, "chars"), false, true, meter);
            case "split" -> a -> split(text, a.allow("sep", "maxsplit"), false);
            case "rsplit" -> a -> split(text, a.allow("sep", "maxsplit"), true);
            case "splitlines" -> a -> {
                a.allow("keepends");
                return lines(text, a.flag(0, "keepends", false), meter);
            };
            case "startswith" -> a -> affix(a.allow("prefix").require(0, "prefix"), text, true, meter);
            case "endswith" -> a -> affix(a.allow("suffix").require(0, "suffix"), text, false, meter);
            case "upper" -> a -> upper(plain(text, a));
            case "lower" -> a -> lower(plain(text, a));
            case "title" -> a -> title(plain(text, a), c -> !Character.isLetter(c), meter);
            case "capitalize" -> a -> capitalize(plain(text, a));
            case "replace" -> a -> {
                a.allow("old", "new", "count");
                return replace(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1), meter);
            };
            case "join" -> a -> join(Values.items(a.allow("items").require(0, "items"), meter), text, false, meter);
            case "find" -> a -> index(text, text.value().indexOf(sought(text, a)));
            case "rfind" -> a -> index(text, text.value().lastIndexOf(sought(text, a)));
            case "index" -> a -> {
                long found = index(text, text.value().indexOf(sought(text, a)));
                if (found < 0) {
                    throw meter.error("the string does not hold what index looks for");
                }
                return found;
            };
            case "count" -> a -> count(text.value(), sought(text, a));
            case "removeprefix" -> a -> {
                var prefix = a.allow("prefix").text(0, "prefix").value();
                return text.value().startsWith(prefix) ? text.sub(prefix.length(), text.value().length()) : text;
            };
            case "removesuffix" -> a -> {
                var suffix = a.allow("suffix").text(0, "suffix").value();
                return text.value().endsWith(suffix) ? text.sub(0, text.value().length() - suffix.length()) : text;
            };
            case "partition" -> a -> partition(text, a.allow("sep").text(0, "sep"), meter);
            case "format" -> a -> BraceFormat.format(text, a);
            case "isdigit" -> a -> all(plain(text, a), Character::isDigit);
            case "isalpha" -> a -> all(plain(text, a), Character::isLetter);
            case "isalnum" -> a -> all(plain(text, a), Character::isLetterOrDigit);
            case "isspace" -> a -> all(plain(text, a), Lexer::isSpace);
            case "isupper" -> a -> cased(plain(text, a), true);
            case "islower" -> a -> cased(plain(text, a), false);
            default -> null;
        };
    }

    private static Text plain(Text text, Arguments arguments) {
        arguments.allow();
        return text;
    }

    private static String sought(Text text, Arguments arguments) {
        var part = arguments.allow("sub").text(0, "sub");
        arguments.meter().search(text, part);
        return part.value();
    }

    static Text strip(Text text, @Nullable Text characters, boolean left, boolean right, Meter meter) {
        var value = text.value();
        IntPredicate strips = characters == null ? Lexer::isSpace : setOf(characters, meter)::contains;
        int from = 0;
        int to = value.length();
        while (left && from < to && strips.test(value.codePointAt(from))) {
            from += Character.charCount(value.codePointAt(from));
        }
        while (right && to > from && strips.test(value.codePointBefore(to))) {
            to -= Character.charCount(value.codePointBefore(to));
        }
        return text.sub(from, to);
    }

    private static Set<Integer> setOf(Text characters, Meter meter) {
        meter.text(characters.value().length());
        return characters.value().codePoints().boxed().collect(Collectors.toSet());
    }

    private static List<@Nullable Object> split(Text text, Arguments arguments, boolean fromRight) {
        var meter = arguments.meter();
        var separator = arguments.textOrNull(0, "sep");
        int most = arguments.integer(1, "maxsplit", -1);
        int limit = most < 0 ? Integer.MAX_VALUE : most;
        if (separator != null && separator.isEmpty()) {
            throw meter.error("split needs a separator that is not empty");
        }
        if (separator != null) {
            meter.search(text, separator);
        }
        var parts = separator == null
                ? fromRight ? wordsFromRight(text, limit, meter) : words(text, limit, meter)
                : fromRight
                        ? cutFromRight(text, separator.value(), limit, meter)
                        : cut(text, separator.value(), limit, meter);
        return parts;
    }

    private static List<@Nullable Object> cut(Text text, String separator, int limit, Meter meter) {
        var parts = new ArrayList<@Nullable Object>();
        int at = 0;
        for (int i = 0; i < limit; i++) {
            int found = text.value().indexOf(separator, at);
            if (found < 0) {
                break;
            }
            meter.part();
            parts.add(text.sub(at, found));
            at = found + separator.length();
        }
        parts.add(text.sub(at, text.value().length()));
        return parts;
    }

    private static List<@Nullable Object> cutFromRight(Text text, String separator, int limit, Meter meter) {
        var parts = new ArrayList<@Nullable Object>();
        int end = text.value().length();
        for (int i = 0; i < limit && end >= separator.length(); i++) {
            int found = text.value().lastIndexOf(separator, end - separator.length());
            if (found < 0) {
                break;
            }
            meter.part();
            parts.add(text.sub(found + separator.length(), end));
            end = found;
        }
        parts.add(text.sub(0, end));
        return parts.reversed();
    }

    private static List<@Nullable Object> words(Text text, int limit, Meter meter) {
        var value = text.value();
        var parts = new ArrayList<@Nullable Object>();
        int at = skip(value, 0, true);
        while (at < value.length()) {
            if (parts.size() == limit) {
                parts.add(text.sub(at, value.length()));
                break;
            }
            int end = skip(value, at, false);
            meter.part();
            parts.add(text.sub(at, end));
            at = skip(value, end, true);
        }
        return parts;
    }

    private static int skip(String value, int from, boolean spaces) {
        int at = from;
        while (at < value.length() && Lexer.isSpace(value.charAt(at)) == spaces) {
            at++;
        }
        return at;
    }

    private static List<@Nullable Object> wordsFromRight(Text text, int limit, Meter meter) {
        var value = text.value();
        var parts = new ArrayList<@Nullable Object>();
        int at = skipBack(value, value.length(), true);
        while (at > 0) {
            if (parts.size() == limit) {
                parts.add(text.sub(0, at));
                break;
            }
            int start = skipBack(value, at, false);
            meter.part();
            parts.add(text.sub(start, at));
            at = skipBack(value, start, true);
        }
        return parts.reversed();
    }

    private static int skipBack(String value, int from, boolean spaces) {
        int at = from;
        while (at > 0 && Lexer.isSpace(value.charAt(at - 1)) == spaces) {
            at--;
        }
        return at;
    }

    static List<@Nullable Object> lines(Text text, boolean keepEnds, Meter meter) {
        var value = text.value();
        meter.text(value.length());
        var lines = new ArrayList<@Nullable Object>();
        int at = 0;
        while (at < value.length()) {
            int end = at;
            while (end < value.length() && !isLineEnd(value.charAt(end))) {
                end++;
            }
            int next = end == value.length() ? end : value.startsWith("\r\n", end) ? end + 2 : end + 1;
            meter.part();
            lines.add(text.sub(at, keepEnds ? next : end));
            at = next;
        }
        return lines;
    }

    private static boolean isLineEnd(char c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean affix(@Nullable Object affix, Text text, boolean front, Meter meter) {
        return switch (affix) {
            case Text part -> front ? text.value().startsWith(part.value()) : text.value().endsWith(part.value());
            case Tuple several -> {
                meter.enter();
                boolean any = false;
                for (int i = 0; i < several.size() && !any; i++) {
                    any = affix(several.get(i), text, front, meter);
                }
                meter.leave();
                yield any;
            }
            case null, default -> throw meter.error("expected a string or a tuple of them, got " + Values.kind(affix));
        };
    }

    static Text upper(Text text) {
        return text.map(run -> run.toUpperCase(Locale.ROOT));
    }

    static Text lower(Text text) {
        return text.map(run -> run.toLowerCase(Locale.ROOT));
    }

    static Text capitalize(Text text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.value().offsetByCodePoints(0, 1);
        return upper(text.sub(0, first)).plus(lower(text.sub(first, text.value().length())));
    }

    /** Upper case for the first letter behind each separator and lower case for all others. */
    static Text title(Text text, IntPredicate separates, Meter meter) {
        meter.steps(text.value().length());
        var out = new Text.Builder();
        boolean start = true;
        for (int at = 0; at < text.value().length();) {
            int c = text.value().codePointAt(at);
            int next = at + Character.charCount(c);
            var one = text.sub(at, next);
            boolean separator = separates.test(c);
            out.add(separator ? one : start ? upper(one) : lower(one));
            start = separator;
            at = next;
        }
        return out.build();
    }

    static Text replace(Text text, Text old, Text with, int count, Meter meter) {
        meter.search(text, old);
        var out = new Text.Builder();
        int at = 0;
        int done = 0;
        long cost = 1 + (long) with.value().length() / 8;
        if (old.isEmpty()) {
            for (; at < text.value().length() && (count < 0 || done < count); done++) {
                int next = text.value().offsetByCodePoints(at, 1);
                out.add(with).add(text.sub(at, next));
                at = next;
                meter.steps(cost);
                meter.room(out.length());
            }
            return (count < 0 || done < count ? out.add(with) : out).add(text.sub(at, text.value().length())).build();
        }
        while (count < 0 || done < count) {
            int found = text.value().indexOf(old.value(), at);
            if (found < 0) {
                break;
            }
            out.add(text.sub(at, found)).add(with);
            at = found + old.value().length();
            done++;
            meter.steps(cost);
            meter.room(out.length());
        }
        return out.add(text.sub(at, text.value().length())).build();
    }

    /** @param prints whether other values are printed; otherwise they are refused */
    static Text join(List<@Nullable Object> items, Text separator, boolean prints, Meter meter) {
        var out = new Text.Builder();
        for (int i = 0; i < items.size(); i++) {
            if (!prints && !(items.get(i) instanceof Text)) {
                throw meter.error("join needs strings, got " + Values.kind(items.get(i)));
            }
            if (i > 0) {
                out.add(separator);
            }
            out.add(Values.print(items.get(i), meter));
            meter.steps(1 + separator.value().length() / 8);
            meter.room(out.length());
        }
        return out.build();
    }

    private static long index(Text text, int found) {
        return found < 0 ? -1 : text.value().codePointCount(0, found);
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static Tuple partition(Text text, Text separator, Meter meter) {
        meter.search(text, separator);
        int found = separator.isEmpty() ? -1 : text.value().indexOf(separator.value());
        int end = found + separator.value().length();
        return found < 0
                ? new Tuple(List.of(text, Text.EMPTY, Text.EMPTY))
                : new Tuple(List.of(text.sub(0, found), text.sub(found, end), text.sub(end, text.value().length())));
    }

    private static boolean all(Text text, IntPredicate test) {
        return !text.isEmpty() && text.value().codePoints().allMatch(test);
    }

    static boolean cased(Text text, boolean upper) {
        return text.value().codePoints().anyMatch(upper ? Character::isUpperCase : Character::isLowerCase)
                && text.value().codePoints().noneMatch(upper ? Character::isLowerCase : Character::isUpperCase);
    }
}
