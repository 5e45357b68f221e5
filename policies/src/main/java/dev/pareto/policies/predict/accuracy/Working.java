package dev.pareto.policies.predict.accuracy;

/**
 * The arithmetic that a text shows: every {@code expression = number} is worked out again. Tolerant of units, currency signs and
 * the {@code <<3*4=12>>} marks of GSM8K; what it cannot read it does not count. Bounded, and for one thread at a time.
 */
final class Working {

    private static final int MOST = 256;
    private static final int LONGEST = 160;
    private static final int DEEPEST = 16;

    final double[] numbers = new double[MOST];
    final int[] places = new int[MOST];
    int count;
    final double[] results = new double[MOST];
    final int[] resultPlaces = new int[MOST];
    int equations;
    int wrong;
    int firstWrong;
    double worstError;

    private String text = "";
    private int at;
    private int end;
    private int operations;
    private boolean failed;

    void read(String source) {
        text = source;
        count = equations = wrong = 0;
        firstWrong = -1;
        worstError = 0;
        int length = Math.min(source.length(), EncodedText.READ_CHARACTERS);
        for (int i = 0; i < length; i++) {
            char c = source.charAt(i);
            if (Numbers.isDigit(c)) {
                int stop = Numbers.end(source, i, length);
                if (count < MOST) {
                    numbers[count] = Numbers.value(source, i, stop);
                    places[count++] = i;
                }
                i = stop - 1;
            } else if (c == '=') {
                equation(i, length);
            }
        }
    }

    boolean shows(double value) {
        return indexOf(numbers, count, value) >= 0;
    }

    boolean results(double value) {
        return indexOf(results, equations, value) >= 0;
    }

    /** Whether a number is written again after a place. */
    boolean showsAfter(double value, int place) {
        for (int i = 0; i < count; i++) {
            if (places[i] > place && Numbers.same(numbers[i], value)) {
                return true;
            }
        }
        return false;
    }

    private static int indexOf(double[] values, int count, double value) {
        for (int i = 0; i < count; i++) {
            if (Numbers.same(values[i], value)) {
                return i;
            }
        }
        return -1;
    }

    private void equation(int equals, int length) {
        int right = skip(equals + 1, length);
        if (equations == MOST || text.startsWith("<<", right)) {
            return; // the marked form of the same equation is read instead: it has no units
        }
        boolean negative = right < length && (text.charAt(right) == '-' || text.charAt(right) == '−');
        if (negative) {
            right++;
        }
        if (right >= length || !Numbers.isDigit(text.charAt(right))) {
            return;
        }
        int stop = Numbers.end(text, right, length);
        double worked = left(equals);
        if (!Double.isFinite(worked)) {
            return;
        }
        double stated = right(right, stop, length) * (negative ? -1 : 1);
        int decimals = decimals(right, stop);
        boolean percent = stop < length && text.charAt(stop) == '%';
        results[equations] = stated;
        resultPlaces[equations++] = stop;
        if (!agrees(worked, stated, decimals) && !(percent && agrees(worked * 100, stated, decimals))) {
            wrong++;
            double error = Math.abs(worked - stated) / Math.max(1e-9, Math.max(Math.abs(worked), Math.abs(stated)));
            worstError = Math.max(worstError, Math.min(error, 1));
            if (firstWrong < 0) {
                firstWrong = equals;
            }
        }
    }

    private int decimals(int from, int stop) {
        int point = text.indexOf('.', from);
        return point < 0 || point >= stop ? 0 : stop - point - 1;
    }

    /** Whether a result is right as far as its decimals go; two whole numbers must be equal, and a sum on the right nearly so. */
    private boolean agrees(double worked, double stated, int decimals) {
        double slack = operations > 0 ? 0.011 * Math.abs(worked) : 0.51 * Math.pow(10, -decimals);
        boolean whole = decimals == 0 && operations == 0 && Numbers.same(worked, Math.rint(worked));
        return whole ? Numbers.same(worked, stated) : Math.abs(worked - stated) <= slack + 1e-9;
    }

    /** The value right of an equals sign: mostly a number, sometimes the next step of the calculation. */
    private double right(int from, int stop, int length) {
        at = from;
        end = from;
        while (end < length && end < from + LONGEST && belongs(text.charAt(end))) {
            end++;
        }
        operations = 0;
        failed = false;
        double value = sum(0);
        if (failed || operations == 0) {
            operations = 0;
            return Numbers.value(text, from, stop);
        }
        return value;
    }

    private int skip(int from, int length) {
        int right = from;
        while (right < length && " $€£\t*\\".indexOf(text.charAt(right)) >= 0) {
            right++;
        }
        return right;
    }

    /** Works out what stands left of an equals sign; NaN unless it is arithmetic with at least one operation. */
    private double left(int equals) {
        int start = equals;
        int least = Math.max(0, equals - LONGEST);
        while (start > least && belongs(text.charAt(start - 1))) {
            start--;
        }
        while (start == least && start > 0 && start < equals && Numbers.isDigit(text.charAt(start))
                && Numbers.isDigit(text.charAt(start - 1))) {
            least++; // the rest of a number that began too far left
            start++;
        }
        // Words may stand among the numbers as units, but not before the first of them.
        while (start < equals && !opens(text.charAt(start))) {
            start++;
        }
        double value = Double.NaN;
        while (start < equals) {
            value = attempt(start, equals);
            if (!Double.isNaN(value)) {
                break;
            }
            start++;
            while (start < equals && (!opens(text.charAt(start)) || Numbers.isDigit(text.charAt(start - 1))
                    || text.charAt(start - 1) == '.')) {
                start++;
            }
        }
        return value;
    }

    private double attempt(int start, int stop) {
        at = start;
        end = stop;
        operations = 0;
        failed = false;
        double value = sum(0);
        skipUnits();
        return failed || at < end || operations == 0 ? Double.NaN : value;
    }

    private static boolean belongs(char c) {
        return c != '=' && c != '\n' && c != ':' && c != ';' && c != '?' && c != '!' && c != '<' && c != '>';
    }

    private static boolean opens(char c) {
        return Numbers.isDigit(c) || c == '(' || c == '$';
    }

    private double sum(int depth) {
        double value = product(depth);
        while (!failed) {
            char operator = operator();
            if (operator != '+' && operator != '-') {
                return value;
            }
            at++;
            operations++;
            double next = product(depth);
            value = operator == '+' ? value + next : value - next;
        }
        return value;
    }

    private double product(int depth) {
        double value = atom(depth);
        while (!failed) {
            char operator = operator();
            if (operator != '*' && operator != '/') {
                return value;
            }
            at++;
            operations++;
            double next = atom(depth);
            value = operator == '*' ? value * next : value / next;
        }
        return value;
    }

    private double atom(int depth) {
        skipBlanks();
        if (at < end && text.charAt(at) == '(' && depth < DEEPEST) {
            at++;
            double value = sum(depth + 1);
            skipUnits();
            if (at < end && text.charAt(at) == ')') {
                at++;
                return percent(value);
            }
            failed = true;
            return 0;
        }
        if (at < end && Numbers.isDigit(text.charAt(at))) {
            int stop = Numbers.end(text, at, end);
            double value = Numbers.value(text, at, stop);
            at = stop;
            if (variable()) {
                failed = true;
            }
            return percent(value);
        }
        if (at + 1 < end && text.charAt(at) == '.' && Numbers.isDigit(text.charAt(at + 1))) {
            int stop = Numbers.end(text, at + 1, end);
            double value = Numbers.value(text, at + 1, stop) / Math.pow(10, stop - at - 1.0);
            at = stop;
            return percent(value);
        }
        failed = true;
        return 0;
    }

    /** A single letter right behind a number is an unknown, not a unit: {@code 6s + 9}. */
    private boolean variable() {
        return at < end && Character.isLetter(text.charAt(at))
                && (at + 1 == end || !Character.isLetterOrDigit(text.charAt(at + 1)));
    }

    private double percent(double value) {
        if (at < end && text.charAt(at) == '%') {
            at++;
            return value / 100;
        }
        return value;
    }

    /** The operator that comes next, behind units: {@code 3 boxes x 4 $/box}. */
    private char operator() {
        int from = at;
        skipUnits();
        if (at >= end) {
            return 0;
        }
        char c = text.charAt(at);
        char found = switch (c) {
            case '+' -> '+';
            case '-', '−', '–' -> '-';
            case '*', '×', '·' -> '*';
            case '/', '÷' -> '/';
            case 'x', 'X' -> '*';
            default -> 0;
        };
        if (found == 0 && c != ')') {
            at = from;
        }
        return found;
    }

    private void skipUnits() {
        skipBlanks();
        while (at < end) {
            char c = text.charAt(at);
            if ((c == 'x' || c == 'X') && !(at + 1 < end && Character.isLetter(text.charAt(at + 1)))) {
                return;
            }
            if (Character.isLetter(c)) {
                while (at < end && Character.isLetter(text.charAt(at))) {
                    at++;
                }
                // "meters/sprint": a unit over a unit is no division.
                if (at + 1 < end && text.charAt(at) == '/' && Character.isLetter(text.charAt(at + 1))) {
                    at++;
                    continue;
                }
                skipBlanks();
            } else if (c == '/' && at + 1 < end && Character.isLetter(text.charAt(at + 1))) {
                at++;
            } else {
                return;
            }
        }
    }

    private void skipBlanks() {
        while (at < end
                && (text.charAt(at) == ' ' || text.charAt(at) == '$' || text.charAt(at) == '€' || text.charAt(at) == '£'
                        || text.charAt(at) == '\\' || text.charAt(at) == '\t')) {
            at++;
        }
    }
}
