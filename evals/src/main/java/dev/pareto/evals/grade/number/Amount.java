package dev.pareto.evals.grade.number;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * An amount of money as people write it.
 *
 * @param value in units of the currency
 * @param currency its ISO code; null when none was named
 */
record Amount(BigDecimal value, @Nullable String currency) {

    private static final Map<String, String> SIGNS = Map.of("$", "USD", "US$", "USD", "€", "EUR", "£", "GBP", "¥",
            "JPY", "₹", "INR");
    private static final String UNIT = "US\\$|[$€£¥₹]|(?<![A-Za-z])(?:USD|EUR|GBP|JPY|INR|CHF|CAD|AUD|CNY)(?![A-Za-z])";
    private static final Pattern AMOUNT = Pattern.compile("(?<![\\p{L}\\p{N}.,])(?:(?<before>" + UNIT
            + ")\\s?)?(?<sign>[-−]?)(?:(?<inside>" + UNIT
            + ")\\s?)?(?<digits>\\d{1,20}+(?:[.,'\u202f\u00a0]\\d{1,20}+)*+)"
            + "(?:\\s?(?<scale>k|K|thousand|m|M|million|mn|bn|billion)(?![\\p{L}\\p{N}]))?(?:\\s?(?<after>" + UNIT
            + "|dollars?|euros?|pounds?)(?!\\p{L}))?");
    private static final Pattern GROUPING = Pattern.compile("['\u202f\u00a0]");

    /** The last amount that names a currency, else the last number; null when there is neither. */
    static @Nullable Amount last(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        Amount last = null;
        while (matcher.find()) {
            Amount found = read(matcher);
            if (last == null || found.currency != null || last.currency == null) {
                last = found;
            }
        }
        return last;
    }

    boolean agrees(Amount other, BigDecimal tolerance) {
        return value.subtract(other.value).abs().compareTo(tolerance) <= 0
                && (currency == null || other.currency == null || currency.equals(other.currency));
    }

    @Override
    public String toString() {
        return value.toPlainString() + (currency == null ? "" : " " + currency);
    }

    private static Amount read(Matcher matcher) {
        BigDecimal value = number(GROUPING.matcher(matcher.group("digits")).replaceAll(""));
        String scale = matcher.group("scale");
        if (scale != null) {
            value = value.multiply(BigDecimal.valueOf(switch (scale.charAt(0)) {
                case 'k', 'K', 't' -> 1_000L;
                case 'm', 'M' -> 1_000_000L;
                default -> 1_000_000_000L;
            }));
        }
        String currency = null;
        for (String group : List.of("before", "inside", "after")) {
            String unit = matcher.group(group);
            currency = unit == null ? currency : code(unit);
        }
        return new Amount(matcher.group("sign").isEmpty() ? value : value.negate(), currency);
    }

    private static String code(String unit) {
        return switch (unit) {
            case "dollar", "dollars" -> "USD";
            case "euro", "euros" -> "EUR";
            case "pound", "pounds" -> "GBP";
            default -> SIGNS.getOrDefault(unit, unit);
        };
    }

    /** 1,234.50 and 1.234,50 alike: of two kinds of separators the last is the decimal one. */
    private static BigDecimal number(String digits) {
        int point = digits.lastIndexOf('.');
        int comma = digits.lastIndexOf(',');
        int decimal = Math.max(point, comma);
        if (decimal < 0) {
            return new BigDecimal(digits);
        }
        char sign = digits.charAt(decimal);
        boolean both = point >= 0 && comma >= 0;
        boolean repeated = digits.indexOf(sign) != decimal;
        boolean thousands = !both && (repeated || (sign == ',' && digits.length() - decimal == 4));
        String whole = (thousands ? digits : digits.substring(0, decimal)).replace(".", "").replace(",", "");
        return new BigDecimal(thousands ? whole : whole + '.' + digits.substring(decimal + 1));
    }
}
