/**
 * What a model's answer means: the text it writes, cut into content, reasoning and tool calls by the format that its chat
 * template shows. Pure, without I/O and bounded; called by whoever serves chats, piece by piece as the text comes.
 */
@NullMarked
package dev.pareto.engine.text.chat.answer;

import org.jspecify.annotations.NullMarked;
