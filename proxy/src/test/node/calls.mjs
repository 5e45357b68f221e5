// The calls that a program makes with OpenAI's own client; the test compares what is printed.
import OpenAI from 'openai';

const client = new OpenAI({ maxRetries: 0 });
const ask = (content, more = {}) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });

const plain = await client.chat.completions.create(ask('hello'));
console.log('plain', plain.choices[0].message.content, plain.usage.total_tokens);

let text = '';
let finish = null;
let chunks = 0;
for await (const chunk of await client.chat.completions.create(ask('hello', { stream: true }))) {
  text += chunk.choices[0].delta.content ?? '';
  finish = chunk.choices[0].finish_reason ?? finish;
  chunks++;
}
console.log('streamed', text, finish, chunks);

let usage = null;
for await (const chunk of await client.chat.completions.create(ask('hello', { stream: true, stream_options: { include_usage: true } }))) {
  usage = chunk.usage ?? usage;
}
console.log('usage', usage.total_tokens);

const tool = await client.chat.completions.create(ask('TOOL', { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }));
console.log('tool', tool.choices[0].message.tool_calls[0].function.name, tool.choices[0].message.tool_calls[0].id);

for (const [name, request] of [['error', ask('FAIL')], ['unknown', ask('hello', { model: 'local/no-such-model' })]]) {
  try {
    await client.chat.completions.create(request);
  } catch (error) {
    console.log(name, error.status, error.code);
  }
}

try {
  for await (const chunk of await client.chat.completions.create(ask('BREAK', { stream: true }))) void chunk;
} catch (error) {
  console.log('broken', error.code ?? error.error?.code ?? error.message);
}

const stream = await client.chat.completions.create(ask('LEAVE', { stream: true }));
for await (const chunk of stream) {
  console.log('left', chunk.choices.length);
  stream.controller.abort();
  break;
}

const models = [];
for await (const model of client.models.list()) models.push(model.id);
console.log('models', models.includes('helpdesk'));
