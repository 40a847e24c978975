"""Test cases as functions: @case registers one, main() runs those whose names match and prints 'ok NAME' or 'not ok NAME' with the reason.

Each case is a process with a process group, a temporary folder and a time limit of its own. What it leaves running is ended with it."""

import argparse
import fcntl
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, 'build')
LIMIT = 900    # seconds that a case may take, on a busy machine
COMPILED_BESIDE = 'COMPILED_BESIDE=host64 host32'  # by the suite, while cases run, which need none of it
GRACE = 5      # seconds that a case has to end what it started when it is stopped
_cases = []


class Skip(Exception):
    """Something that the case needs is not here; the text says what."""


def case(function):
    _cases.append(function)
    return function


def rom(name):
    return os.path.join(ROOT, 'bin', f'{name}.rom')


def quick(name):
    """The ROM packed with LZMA, for cases that are not about size: it is up a second sooner."""
    return os.path.join(ROOT, 'bin', 'quick', f'{name}.rom')


def check(condition, message):
    if not condition:
        raise AssertionError(message)


@contextmanager
def locked(name):
    """One process at a time, of all that run cases in this tree."""
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, name + '.lock'), 'w') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make(*targets, cwd=ROOT, **variables):
    """Builds, with all processors at once. What was said is shown when it fails."""
    with locked('make'):
        done = subprocess.run(['make', '-s', f'-j{os.cpu_count() or 2}', COMPILED_BESIDE, *targets, *(f'{name}={value}' for name, value in variables.items())],
                              cwd=cwd, capture_output=True, text=True, errors='replace')
    check(done.returncode == 0, f'make {" ".join(targets)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}')


def build(*targets):
    """What a program's cases need. With SANPIPER_BUILT it is there already."""
    if not os.environ.get('SANPIPER_BUILT'):
        make(*targets)


def _name(function):
    name = function.__module__.replace('__main__', '').strip('.') + ' ' + function.__name__
    return name.strip().replace('_', ' ')


def _verdict(name, verdict, start, text=''):
    print(f'{verdict} {name} ({time.monotonic() - start:.1f} s)' + ''.join(f'\n    {line}' for line in text.splitlines()), flush=True)


class _Running:
    """A case in a process of its own."""

    def __init__(self, function, limit):
        self.function, self.limit = function, limit
        self.start = time.monotonic()
        self.folder = tempfile.mkdtemp(prefix='sanpiper-case.')
        os.chmod(self.folder, 0o755)
        self.output, writer = os.pipe()
        sys.stdout.flush()
        self.process = os.fork()
        if not self.process:
            self._run(writer)
        os.close(writer)
        os.set_blocking(self.output, False)
        self.ended = os.pidfd_open(self.process)
        self.said = b''
        self.stopped = self.why = None

    def _run(self, writer):
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(writer, 1)
        tempfile.tempdir = os.environ['TMPDIR'] = self.folder
        verdict, text, code = 'ok', '', 0
        try:
            self.function()
        except Skip as reason:
            verdict, code = f'skip ({reason})', 2
        except SystemExit:
            os._exit(3)  # stopped: who did it says so
        except BaseException as error:  # whatever it is, the next case runs
            text = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            verdict, code = 'not ok', 1
        _verdict(_name(self.function), verdict, self.start, text)
        os._exit(code)

    def read(self):
        try:
            while part := os.read(self.output, 65536):
                self.said += part
        except BlockingIOError:
            return True
        return False

    def seconds_left(self):
        return (self.stopped + GRACE if self.stopped else self.start + self.limit) - time.monotonic()

    def stop(self, why):
        """First kindly, so that it takes back what it set up; when that takes too long, with all that it started."""
        if self.stopped:
            os.killpg(self.process, signal.SIGKILL)
            return
        self.stopped, self.why = time.monotonic(), why
        os.kill(self.process, signal.SIGTERM)

    def end(self):
        """When its process has ended: its exit code, with all gone that it started."""
        self.read()
        try:
            os.killpg(self.process, signal.SIGKILL)
        except ProcessLookupError:
            pass
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        os.close(self.output)
        os.close(self.ended)
        shutil.rmtree(self.folder, ignore_errors=True)
        sys.stdout.write(self.said.decode(errors='replace'))
        if code not in (0, 1, 2):
            _verdict(_name(self.function), 'not ok', self.start, self.why or f'exit code {code}')
        sys.stdout.flush()
        return code


def _run_all(chosen, jobs, limit):
    """Exit codes: 0 passed, 2 skipped, others failed."""
    waiting, running, codes, interrupted = list(chosen), [], [], []
    for number in signal.SIGTERM, signal.SIGINT:
        signal.signal(number, lambda number, _: interrupted.append(number))
    with selectors.DefaultSelector() as selector:
        while waiting or running:
            if interrupted:
                waiting.clear()
            while waiting and len(running) < jobs:
                one = _Running(waiting.pop(0), limit)
                running.append(one)
                selector.register(one.output, selectors.EVENT_READ, one)
                selector.register(one.ended, selectors.EVENT_READ, one)
            for key, _ in selector.select(0.5):
                one = key.data
                if key.fd == one.output:
                    if not one.read():
                        selector.unregister(one.output)
                elif one in running:
                    for fd in one.output, one.ended:
                        if fd in selector.get_map():
                            selector.unregister(fd)
                    running.remove(one)
                    codes.append(one.end())
            for one in running:
                if interrupted and not one.stopped:
                    one.stop('interrupted')
                elif one.seconds_left() <= 0:
                    one.stop(f'stopped after {limit} s')
    return codes


def main(jobs=2, limit=LIMIT):
    parser = argparse.ArgumentParser(description='Runs the cases whose names contain one of the words.')
    parser.add_argument('words', nargs='*')
    parser.add_argument('-j', type=int, default=min(jobs, int(os.environ.get('SANPIPER_JOBS', jobs))), help=f'so many at once (default {jobs})')
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    chosen = [c for c in _cases if not options.words or any(word in c.__name__ for word in options.words)]
    if options.list:
        print('\n'.join(c.__name__ for c in chosen))
        return
    codes = _run_all(chosen, options.j, limit)
    passed, skipped = codes.count(0), codes.count(2)
    print(f'{passed} passed, {len(codes) - passed - skipped} failed, {skipped} skipped')
    sys.exit(0 if codes and passed + skipped == len(chosen) else 1)
