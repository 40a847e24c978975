"""The certificates and keys of the tests (tests/unit/net/certificates.h) as files."""

import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def pem(*names):
    """One after the other: `server` is for server.example and 10.0.2.2, issued by `middle`, and that by `root`."""
    with open(os.path.join(ROOT, 'tests', 'unit', 'net', 'certificates.h')) as file:
        text = file.read()
    return ''.join(re.search(fr' {name}\[\] = R"\((.*?)\)"', text, re.S)[1].strip() + '\n' for name in names)


def write(path, *names):
    with open(path, 'w') as file:
        file.write(pem(*names))
    return path
