package dev.pareto.proxy.report;

/**
 * A report as it goes by mail.
 *
 * @param text for those who read no HTML
 * @param html the same
 * @param file the whole report
 */
record Letter(String subject, String text, String html, Attachment file) {

    /** @param type without parameters, e.g. {@code text/csv} */
    @SuppressWarnings("ArrayRecordComponent") // written once, and never compared
    record Attachment(String name, String type, byte[] content) {}
}
