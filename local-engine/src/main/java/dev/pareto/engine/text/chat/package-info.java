/**
 * From messages to a prompt: the chat template of a model, or one that fits its vocabulary, and the rule that nothing in
 * a message can become a control token. Called by whoever serves chats.
 */
@NullMarked
package dev.pareto.engine.text.chat;

import org.jspecify.annotations.NullMarked;
