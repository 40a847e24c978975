"""What the guides (docs/guides/) tell people to write and to type, taken from their text, so that text and tests cannot drift apart."""

import os
import re

from cases import ROOT


def pages():
    return sorted(name[:-3] for name in os.listdir(os.path.join(ROOT, 'docs', 'guides')) if name.endswith('.md'))


def files(page):
    """The names of the scripts that the guide shows."""
    return re.findall(r'^```ipxe file=(\S+)$', text(page), re.M)


def text(page):
    with open(os.path.join(ROOT, 'docs', 'guides', page + '.md'), encoding='utf-8') as file:
        return file.read()


def blocks(page, kind):
    """All fenced blocks of that kind: "sh", "ipxe file=boot.ipxe"."""
    return re.findall(r'^```' + re.escape(kind) + r'\n(.*?)^```', text(page), re.S | re.M)


def block(page, kind='', below=''):
    """The one block of that kind; or the first below a line that has that text in it."""
    content = text(page)
    if below:
        found = re.findall(re.escape(below) + r'[^\n]*\n\s*^```[^\n]*\n(.*?)^```', content, re.S | re.M)
    else:
        found = blocks(page, kind)
    if not found or (len(found) > 1 and not below):
        raise AssertionError(f'docs/guides/{page}.md has {len(found)} blocks {kind or below!r}')
    return found[0]


def commands(page, kind='sh'):
    return [line for lines in blocks(page, kind) for line in lines.splitlines() if line.strip()]


def script(page, file, target=None, host='10.0.2.2', web=None):
    """A script of the guide, with the test's servers in place of 10.0.0.1."""
    lines = block(page, f'ipxe file={file}')
    if target:
        lines = re.sub(r'iscsi:10\.0\.0\.1:(tcp)?:(3260)?:', f'iscsi:{host}:tcp:{target.port}:', lines)
    if web:
        lines = lines.replace('http://10.0.0.1/', f'http://{host}:{web.port}/')
    return lines.replace('10.0.0.1', host)


def put(folder, name, content):
    """Writes a file of the guide where its server has it."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(content)
    return path
