#!/usr/bin/python3
"""Writes what Jinja itself (python3-jinja2) makes of the snippets and templates in this folder.

The environment is the one that chat templates are written for: trim_blocks, lstrip_blocks, loop controls,
a tojson that is plain json.dumps, raise_exception and strftime_now.  Run: /usr/bin/python3 make_reference.py
"""
import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 11, 21, 9, 5, 7)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body, lineno=line)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


env = jinja2.sandbox.ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
env.filters["tojson"] = tojson
env.globals["raise_exception"] = raise_exception
env.globals["strftime_now"] = lambda form: NOW.strftime(form)


def render(source, context):
    try:
        return {"text": env.from_string(source).render(**context)}
    except Exception as e:  # any failure counts as a refusal
        return {"error": type(e).__name__ + ": " + str(e)[:100]}


def write(name, value):
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    context = json.loads((HERE / "context.json").read_text(encoding="utf-8"))
    sources = json.loads((HERE / "snippets.json").read_text(encoding="utf-8"))
    write("snippets.expected.json", [render(source, context) for source in sources])
    conversations = json.loads((HERE / "conversations.json").read_text(encoding="utf-8"))
    expected = {}
    for path in sorted((HERE / "templates").glob("*.jinja")):
        with open(path, encoding="utf-8", newline="") as file:
            source = file.read()
        expected[path.stem] = {name: render(source, dict(bos_token="<s>", eos_token="</s>", **conversation))
                               for name, conversation in conversations.items()}
    write("templates.expected.json", expected)


if __name__ == "__main__":
    main()
