/**
 * Price files: our own YAML of what vendors ask, contracts and exchange rates, read into the price book, checked by lints, and
 * written when a proposal is accepted. Configuration and the command line call it.
 */
@NullMarked
package dev.pareto.policies.sheet;

import org.jspecify.annotations.NullMarked;
