package dev.pareto.evals.suite.sample;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a conversation what names or opens something: each found value becomes a numbered mark, the same value the same mark
 * within one conversation, so that the question still makes sense. Patterns with checks (Luhn, ISO 7064 mod 97), not
 * understanding: names of people and addresses in prose are not found. Not thread-safe; one per conversation.
 */
public final class PiiMask {

    /** What is looked for, in this order: an earlier kind takes its text from later ones. */
    public enum Kind {
        /** A private key in PEM. */
        PRIVATE_KEY,
        /** Keys and tokens by the shape that their makers gave them, and what is assigned to a name such as password. */
        SECRET,
        /** E-mail. */
        EMAIL,
        /** International bank account number. */
        IBAN,
        /** Payment card. */
        CARD,
        /** IPv4 or IPv6. */
        IP,
        /** Telephone. */
        PHONE
    }

    private static final int SHORTEST_IBAN = 15;
    private static final int LONGEST_IBAN = 34;

    private static final List<Rule> RULES = List.of(
            new Rule(Kind.PRIVATE_KEY, "-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\\s]{0,20000}"
                    + "(?:-----END [A-Z ]*PRIVATE KEY-----)?"),
            new Rule(Kind.SECRET, "\\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]{1,40}[-_]){0,5}[A-Za-z0-9]{16,200}"),
            new Rule(Kind.SECRET,
                    "\\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{30,255}\\b|\\bgithub_pat_[A-Za-z0-9_]{22,255}"),
            new Rule(Kind.SECRET, "\\bglpat-[A-Za-z0-9_-]{20,64}|\\bxox[abeoprs]-[A-Za-z0-9-]{10,200}"),
            new Rule(Kind.SECRET,
                    "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bAIza[A-Za-z0-9_-]{35}|\\bhf_[A-Za-z0-9]{30,60}\\b"),
            new Rule(Kind.SECRET,
                    "\\bnpm_[A-Za-z0-9]{36}\\b|\\bpypi-[A-Za-z0-9_-]{50,300}|\\bSG\\.[\\w-]{16,32}\\.[\\w-]{16,64}"),
            new Rule(Kind.SECRET, "\\beyJ[A-Za-z0-9_-]{8,2000}\\.eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{8,1000}"),
            new Rule(Kind.SECRET, "(?i)(?<=\\bbearer )[A-Za-z0-9._~+/-]{16,2000}=*"),
            new Rule(Kind.SECRET, "(?<=://)[^\\s/:@]{1,100}:[^\\s/@]{1,200}(?=@)"),
            new Rule(Kind.SECRET,
                    "(?i)(?<=\\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|"
                            + "client[_-]?secret)[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?)[^\\s\"',;]{6,200}"),
            new Rule(Kind.EMAIL,
                    "[\\p{L}\\p{N}._%+'-]{1,64}@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})\\.){1,8}\\p{L}{2,24}"),
            new Rule(Kind.IBAN, "\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}\\b", PiiMask::iban),
            new Rule(Kind.CARD, "(?<![\\d.])(?:\\d[ -]?){12,18}\\d(?![\\d.]*\\d)", PiiMask::card),
            new Rule(Kind.IP,
                    "(?<![\\d.])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?![\\d.]*\\d)"),
            new Rule(Kind.IP, "(?<![0-9A-Za-z:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])",
                    PiiMask::ipv6),
            new Rule(Kind.PHONE,
                    "(?<![\\w.,+/-])(?:\\+|00)[1-9]\\d{0,2}[ ./-]?(?:\\(\\d{1,4}\\)[ ./-]?)?\\d(?:[ ./-]?\\d){5,12}(?![\\d])"),
            new Rule(Kind.PHONE, "(?<![\\w.,+/-])\\(?0\\d{1,4}\\)?[ ./-]\\d(?:[ ./-]?\\d){4,9}(?![\\d])"),
            new Rule(Kind.PHONE, "(?<![\\w.,+/-])(?:\\(\\d{3}\\) ?|\\d{3}[ .-])\\d{3}[ .-]\\d{4}(?![\\d-])"));

    private final Map<String, String> marks = new HashMap<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

    /** @param accepted how many characters of what the pattern found are of the kind; 0 for none */
    private record Rule(Kind kind, Pattern pattern, ToIntFunction<String> accepted) {

        Rule(Kind kind, String pattern) {
            this(kind, pattern, String::length);
        }

        Rule(Kind kind, String pattern, ToIntFunction<String> accepted) {
            this(kind, Pattern.compile(pattern), accepted);
        }
    }

    /** The text without what was found. */
    public String mask(String text) {
        String masked = text;
        for (Rule rule : RULES) {
            masked = masked(rule, masked);
        }
        return masked;
    }

    /** How many different values of each kind this conversation had. */
    public Map<Kind, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** For people: {@code EMAIL 2, PHONE 1}; empty when there was nothing. */
    public String summary() {
        List<String> found = new ArrayList<>();
        counts.forEach((kind, count) -> found.add(kind + " " + count));
        return String.join(", ", found);
    }

    private String masked(Rule rule, String text) {
        Matcher matcher = rule.pattern().matcher(text);
        StringBuilder masked = new StringBuilder();
        int end = 0;
        int from = 0;
        while (from <= text.length() && matcher.find(from)) {
            int length = rule.accepted().applyAsInt(matcher.group());
            from = length > 0 ? matcher.start() + length : matcher.end();
            if (length > 0) {
                masked.append(text, end, matcher.start())
                        .append(mark(rule.kind(), text.substring(matcher.start(), from)));
                end = from;
            }
        }
        return masked.append(text, end, text.length()).toString();
    }

    private String mark(Kind kind, String value) {
        return marks.computeIfAbsent(kind + " " + value.toLowerCase(Locale.ROOT),
                key -> "[" + kind + "_" + counts.merge(kind, 1, Integer::sum) + "]");
    }

    /** What stands behind a number may look like more of it, so that each end at a gap is tried, the longest first. */
    private static int longest(String found, Predicate<String> valid) {
        for (int end = found.length(); end > 0; end = Math.max(found.lastIndexOf(' ', end - 1),
                found.lastIndexOf('-', end - 1))) {
            if (valid.test(found.substring(0, end).replaceAll("[ -]", ""))) {
                return end;
            }
        }
        return 0;
    }

    private static int card(String found) {
        return longest(found, PiiMask::luhn);
    }

    private static int iban(String found) {
        return longest(found, PiiMask::mod97);
    }

    /** ISO/IEC 7812-1, over 13 to 19 digits. */
    private static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 1 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return digits.length() >= 13 && digits.length() <= 19 && sum % 10 == 0 && digits.chars().distinct().count() > 1;
    }

    /** ISO 13616: the rearranged number modulo 97 is 1. */
    private static boolean mod97(String plain) {
        if (plain.length() < SHORTEST_IBAN || plain.length() > LONGEST_IBAN) {
            return false;
        }
        StringBuilder digits = new StringBuilder();
        (plain.substring(4) + plain.substring(0, 4)).chars()
                .forEach(c -> digits.append(c <= '9' ? c - '0' : c - 'A' + 10));
        return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
    }

    /** Groups enough for an address, so that a time of day or {@code std::vector} is none. */
    private static int ipv6(String found) {
        int groups = found.split(":", -1).length;
        boolean shortened = found.contains("::");
        boolean address = found.indexOf("::") == found.lastIndexOf("::") && (shortened
                ? groups <= 8 && found.chars().anyMatch(c -> c != ':') && found.length() > 4
                : groups == 8 && !found.startsWith(":") && !found.endsWith(":"));
        return address ? found.length() : 0;
    }
}
