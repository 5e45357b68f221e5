/**
 * How the gateway learns from its own labels: remembers features of prompts for a while, takes labels from feedback, judges and eval runs,
 * teaches predictors in the background and keeps their versions as files. Called between planner and attempts, by whoever hears of labels,
 * and by the admin plane; never slows or breaks a request.
 */
@NullMarked
package dev.pareto.proxy.learn;

import org.jspecify.annotations.NullMarked;
