package dev.pareto.policies.yaml;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads values with their units; a bare number where a unit matters is refused, with an example of what to write. */
public final class Units {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?\\d{1,15}(?:\\.\\d{1,15})?)\\s*([A-Za-z%]*)");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private Units() {}

    private record Amount(BigDecimal number, String unit) {}

    /** {@code true} or {@code false}. */
    public static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("write true or false, not '" + text + "'");
        };
    }

    public static int count(String text) {
        if (!text.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException("write a whole number, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    public static BigDecimal decimal(String text) {
        if (!text.matches("-?\\d{1,15}(\\.\\d{1,15})?")) {
            throw new IllegalArgumentException("write a decimal number such as 2.5, not '" + text + "'");
        }
        return new BigDecimal(text);
    }

    /** {@code 800 ms}, {@code 6 s}, {@code 10 m}, {@code 24 h} or {@code 30 d}. */
    public static Duration duration(String text) {
        Amount amount = amount(text, "a time such as 800 ms, 6 s, 10 m, 24 h or 30 d");
        long nanos = switch (amount.unit) {
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m", "min" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            default -> throw new IllegalArgumentException(
                    "write a time with its unit, such as 800 ms, 6 s or 10 m, not '" + text + "'");
        };
        try {
            return Duration.ofNanos(amount.number.multiply(BigDecimal.valueOf(nanos)).longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is too long or too fine a time", e);
        }
    }

    /** {@code 95 %} as 0.95. */
    public static double share(String text) {
        Amount amount = amount(text, "a share such as 95 %");
        if (!amount.unit.equals("%")) {
            throw new IllegalArgumentException("write a share with its unit, such as 95 %, not '" + text + "'");
        }
        return fraction(amount, text);
    }

    /** {@code 2 pp} (percentage points) as 0.02. */
    public static double points(String text) {
        Amount amount = amount(text, "percentage points such as 2 pp");
        if (!amount.unit.equals("pp")) {
            throw new IllegalArgumentException("write percentage points, such as 2 pp, not '" + text + "'");
        }
        return fraction(amount, text);
    }

    /** {@code 0.02 USD}. */
    public static Money money(String text) {
        Amount amount = amount(text, "money such as 0.02 USD");
        if (!amount.unit.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("write money with its currency, such as 0.02 USD, not '" + text + "'");
        }
        return new Money(amount.number, amount.unit);
    }

    /** {@code 0.002 USD/s}, also {@code /min} and {@code /h}; what a second is worth, in dollars. */
    public static BigDecimal usdPerSecond(String text) {
        int slash = text.indexOf('/');
        String unit = slash < 0 ? "" : text.substring(slash + 1).strip();
        BigDecimal seconds = switch (unit) {
            case "s" -> BigDecimal.ONE;
            case "min" -> BigDecimal.valueOf(60);
            case "h" -> BigDecimal.valueOf(3_600);
            default -> throw new IllegalArgumentException(
                    "write what waiting is worth, such as 0.002 USD/s, 0.12 USD/min or 7.20 USD/h, not '" + text + "'");
        };
        Money money = money(text.substring(0, slash).strip());
        if (!money.currency().equals("USD")) {
            throw new IllegalArgumentException("write USD, as all prices are compared in it, not '" + text + "'");
        }
        return money.amount().divide(seconds, Money.SCALE, RoundingMode.HALF_EVEN);
    }

    /** {@code 10 MB} (decimal) or {@code 10 MiB} (binary). */
    public static long bytes(String text) {
        Amount amount = amount(text, "a size such as 10 MB");
        long factor = switch (amount.unit) {
            case "B" -> 1L;
            case "kB", "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            default ->
                throw new IllegalArgumentException("write a size with its unit, such as 10 MB, not '" + text + "'");
        };
        try {
            return amount.number.multiply(BigDecimal.valueOf(factor)).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is no whole number of bytes", e);
        }
    }

    /** A day (its UTC midnight) such as {@code 2026-08-21}, or a moment such as {@code 2026-08-21T12:00:00Z}. */
    public static Instant moment(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "write a day such as 2026-08-21 or a moment such as 2026-08-21T12:00:00Z, not '" + text + "'", e);
        }
    }

    private static double fraction(Amount amount, String text) {
        if (amount.number.signum() < 0 || amount.number.compareTo(HUNDRED) > 0) {
            throw new IllegalArgumentException("'" + text + "' must be between 0 and 100");
        }
        return amount.number.movePointLeft(2).doubleValue();
    }

    private static Amount amount(String text, String example) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write " + example + ", not '" + text + "'");
        }
        return new Amount(new BigDecimal(matcher.group(1)), matcher.group(2));
    }
}
