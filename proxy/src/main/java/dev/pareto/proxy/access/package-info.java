/**
 * Who may do what on the admin port: keys with roles, sessions of browsers, the rights that each address asks for, and the journal of
 * what was done. Used by {@code admin} and {@code cli}; keys are never logged, stored or compared in clear.
 */
@NullMarked
package dev.pareto.proxy.access;

import org.jspecify.annotations.NullMarked;
