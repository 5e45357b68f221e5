/**
 * Callers' budgets: the worst case of every call is set aside before a byte goes out, and its true cost put in its place afterwards.
 * {@code meter} asks for each call, {@code route} for the caller's headers and for cheaper models, {@code admin} for the pages.
 */
@NullMarked
package dev.pareto.proxy.budget;

import org.jspecify.annotations.NullMarked;
