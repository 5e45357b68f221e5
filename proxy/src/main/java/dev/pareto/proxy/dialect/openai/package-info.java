/**
 * The OpenAI wire: requests read just far enough, patched by byte ranges, answers and event streams watched for usage, errors
 * in OpenAI's shape. Pure bytes in and out: no network, no Spring; used by {@code route}, {@code upstream} and {@code guard}.
 */
@NullMarked
package dev.pareto.proxy.dialect.openai;

import org.jspecify.annotations.NullMarked;
