"""All tests, stage by stage, with progress, a time limit for each stage, and a closing line that counts.

Every program of a stage tells what it did in one of three ways, which are counted: GoogleTest's closing lines, lines that
begin with 'ok', 'not ok' or 'skip', or its exit code alone (one test)."""

import glob
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JOBS = str(os.cpu_count() or 2)
ROMS = ['1af41000', '1af41041', '8086100e', '8086100f', '808610d3']

UNITS = ['util_test', 'net_test', 'drivers_test', 'san_test', 'scripts_test']


def make(*targets):
    return ['make', '--no-print-directory', f'-j{JOBS}', *targets]


class AtOnce:
    """Programs that may run beside each other: in virtual time, without servers and files of their own."""

    def __init__(self, programs):
        self.programs = programs


# name, commands, seconds for each command
STAGES = [
    ('firmware', [make(*[f'bin/{rom}.rom' for rom in ROMS], 'bin/8086100e+cd--http.rom', 'bin/8086100e+all.rom')], 300),
    ('rules', [['tests/rules/includes'], ['tests/rules/buffers'], ['tests/rules/docs'], ['tests/rules/check_frames', 'build/fw/image/8086100e+san/image.elf', 'build/fw/image/8086100e+all/image.elf'],
               ['tests/rules/check_sizes', 'build', *[f'{rom}.rom' for rom in ROMS], '8086100e+all.rom']], 120),
    ('unit', [make('unit-programs'), AtOnce(lambda: programs('build/host64/*_test', *UNITS))], 900),
    ('unit32', [make('unit32-programs'), AtOnce(lambda: programs('build/host32/*_test', *UNITS))], 600),
    ('servers', [make('server-programs'), lambda: programs('build/host64/*_test', 'targets_test', 'slirp_test')], 600),
    ('tools', [make('bin/sanpiper-lint', 'bin/sanpiper-run', 'build/host64/tools_test'), lambda: programs('build/host64/*_test', 'tools_test') + programs('tests/tools')], 600),
    ('fuzz', [make('fuzz'), make('--keep-going', '--output-sync', 'fuzz-smoke')], 600),
    ('bench', [make('bench-smoke')], 300),
    ('machine', lambda: [[path] for path in programs('tests/qemu')], 900),
]


def programs(pattern, *names):
    path = os.path.join(ROOT, pattern)
    found = glob.glob(path) if '*' in path else glob.glob(os.path.join(path, '*'))
    return sorted(os.path.relpath(p, ROOT) for p in found
                  if (not names or os.path.basename(p) in names) and os.path.isfile(p) and os.access(p, os.X_OK) and not p.endswith(('.d', '.o')))


class Count:
    passed = failed = skipped = 0


def count_output(output, code, count, command):
    """Adds what a program reported; a bad exit without a reported failure is one failure."""
    failed_before = count.failed
    passed = sum(int(n) for n in re.findall(r'^\[  PASSED  \] (\d+) tests?', output, re.M))
    failed = sum(int(n) for n in re.findall(r'^\[  FAILED  \] (\d+) tests?, listed below', output, re.M))
    skipped = sum(int(n) for n in re.findall(r'^\[  SKIPPED \] (\d+) tests?, listed below', output, re.M))
    passed += len(re.findall(r'^ok\b', output, re.M))
    failed += len(re.findall(r'^not ok\b', output, re.M))
    skipped += len(re.findall(r'^skip\b', output, re.M))
    count.passed, count.failed, count.skipped = count.passed + passed, count.failed + failed, count.skipped + skipped
    if code and count.failed == failed_before:
        count.failed += 1
        print(f'not ok {" ".join(command)} (exit code {code})', flush=True)
    elif not code and not passed and not failed and not skipped and command[0] != 'make':
        count.passed += 1
        print(f'ok {" ".join(command)}', flush=True)


def show(line):
    if not line.startswith(('[==========]', 'Note: ', '[ RUN', '[       OK')):
        sys.stdout.write('  ' + line)
        sys.stdout.flush()


def execute(command, limit, on_line):
    """Runs one program in a process group of its own, and ends the group when time is up. Its output and exit code."""
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors='replace', start_new_session=True)
    expired = threading.Event()

    def expire():
        expired.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit, expire)
    timer.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        on_line(line)
    code = process.wait()
    timer.cancel()
    if expired.is_set():
        lines.append(f'{" ".join(command)}: stopped after {limit} s\n')
        on_line(lines[-1])
    return ''.join(lines), code or (1 if expired.is_set() else 0)


def run(command, limit, count):
    output, code = execute(command, limit, show)
    count_output(output, code, count, command)
    return code == 0


def run_at_once(commands, limit, count):
    """As many at a time as there are processors; the output of each when it is through."""
    with ThreadPoolExecutor(max_workers=int(JOBS)) as pool:
        for command, (output, code) in zip(commands, pool.map(lambda one: execute(one, limit, lambda _: None), commands)):
            for line in output.splitlines(keepends=True):
                show(line)
            count_output(output, code, count, command)


def main():
    chosen = sys.argv[1:]
    names = [name for name, _, _ in STAGES]
    if chosen == ['--list']:
        print('\n'.join(names))
        return
    for name in chosen:
        if name not in names:
            sys.exit(f'tests/check: no stage {name!r}; there are: {", ".join(names)}')
    count = Count()
    start = time.monotonic()
    for name, commands, limit in STAGES:
        if chosen and name not in chosen:
            continue
        began = time.monotonic()
        print(f'== {name}', flush=True)
        todo = commands() if callable(commands) else commands
        for command in todo:
            if isinstance(command, AtOnce):
                run_at_once([[program] for program in command.programs()], limit, count)
            elif callable(command):
                for program in command():
                    run([program], limit, count)
            elif not run(command, limit, count) and command[0] == 'make':
                break
        print(f'== {name}: {time.monotonic() - began:.0f} s', flush=True)
    print(f'Total time: {time.monotonic() - start:.0f} s')
    print(f'{count.passed} passed, {count.failed} failed, {count.skipped} skipped')
    sys.exit(1 if count.failed or not count.passed else 0)


if __name__ == '__main__':
    main()
