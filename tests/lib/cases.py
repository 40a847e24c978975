"""Test cases as functions: @case registers one, main() runs those whose names match, each with its own time, and prints
'ok NAME' or 'not ok NAME' with the reason."""

import argparse
import os
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, 'build')
_cases = []


class Skip(Exception):
    """Something that the case needs is not here; the text says what."""


def case(function):
    _cases.append(function)
    return function


def rom(name):
    return os.path.join(ROOT, 'bin', f'{name}.rom')


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def make(*targets, **variables):
    """Builds, with all processors at once. What was said is shown when it fails."""
    done = subprocess.run(['make', '-s', f'-j{os.cpu_count() or 2}', *targets, *(f'{name}={value}' for name, value in variables.items())],
                          cwd=ROOT, capture_output=True, text=True, errors='replace')
    check(done.returncode == 0, f'make {" ".join(targets)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}')


def build(*targets):
    """What a program's cases need. With SANPIPER_BUILT it is there already."""
    if not os.environ.get('SANPIPER_BUILT'):
        make(*targets)


def _run(function):
    start = time.monotonic()
    name = function.__module__.replace('__main__', '').strip('.') + ' ' + function.__name__
    name = name.strip().replace('_', ' ')
    try:
        function()
        verdict = 'ok'
    except Skip as reason:
        verdict = f'skip ({reason})'
    except Exception as error:  # whatever it is, the next case runs
        text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
        verdict = 'not ok'
        print(f'not ok {name} ({time.monotonic() - start:.1f} s)\n' +
              '\n'.join('    ' + line for line in text.splitlines()), flush=True)
        return verdict
    print(f'{verdict} {name} ({time.monotonic() - start:.1f} s)', flush=True)
    return verdict


def main(jobs=2):
    parser = argparse.ArgumentParser(description='Runs the cases whose names contain one of the words.')
    parser.add_argument('words', nargs='*')
    parser.add_argument('-j', type=int, default=jobs, help=f'so many at once (default {jobs})')
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    chosen = [c for c in _cases if not options.words or any(word in c.__name__ for word in options.words)]
    if options.list:
        print('\n'.join(c.__name__ for c in chosen))
        return
    with ThreadPoolExecutor(max_workers=options.j) as pool:
        verdicts = list(pool.map(_run, chosen))
    bad = verdicts.count('not ok')
    skipped = sum(v.startswith('skip') for v in verdicts)
    print(f'{len(verdicts) - bad - skipped} passed, {bad} failed, {skipped} skipped')
    sys.exit(1 if bad or not verdicts else 0)
