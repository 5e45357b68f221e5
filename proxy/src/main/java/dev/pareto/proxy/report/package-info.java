/**
 * Sends reports by themselves: reads each from the admin port as a page would, and posts it to a webhook or mails it. Made by the
 * gateway's parts.
 */
@NullMarked
package dev.pareto.proxy.report;

import org.jspecify.annotations.NullMarked;
