"""All tests, stage by stage, with progress, a time limit for each program, and closing lines that say what was slow, what was not run, and count.

Every program of a stage tells what it did in one of three ways, which are counted: GoogleTest's closing lines, lines that
begin with 'ok', 'not ok' or 'skip', or its exit code alone (one test). It runs in a session of its own, and what is left in that when it has
ended, or is interrupted (SIGINT, SIGTERM), is ended too."""

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

BUDGET = 1500  # seconds for everything on two quiet processors; who takes more is told which stages took them
GRACE = 10     # seconds that programs have to end what they started when they are interrupted
BESIDE = 10    # how nice to machines is what runs beside them

UNITS = ['util_test', 'net_test', 'drivers_test', 'san_test', 'scripts_test']


def make(*targets):
    return ['make', '--no-print-directory', f'-j{JOBS}', *targets]


class AtOnce:
    """Programs that may run beside each other, so many at a time; and beside the stages from `begin` on, which have what processors they leave."""

    def __init__(self, programs, width=int(JOBS), begin=None):
        self.programs, self.width, self.begin = programs, width, begin


FIRMWARE = make(*[f'bin/{rom}.rom' for rom in ROMS], 'bin/quick/1af41000+cd--http.rom', 'bin/8086100e+all.rom')
# name, commands, seconds for each command. First comes what machines take (images, tools), and what has to do with real servers and the clock;
# then machines beside what only computes: a third of the time they wait, for a link, a server's restart, a timeout.
STAGES = [
    ('firmware', [FIRMWARE], 300),
    ('rules', [FIRMWARE, ['tests/rules/includes'], ['tests/rules/buffers'], ['tests/rules/docs'], ['tests/rules/behaviour'], ['tests/rules/check_frames', 'build/fw/image/8086100e+san/image.elf', 'build/fw/image/8086100e+most/image.elf'],
               ['tests/rules/check_sizes', 'build', *[f'{rom}.rom' for rom in ROMS], '8086100e+all.rom']], 120),
    ('tools', [make('bin/sanpiper-lint', 'bin/sanpiper-run', 'build/host64/tools_test'),
               AtOnce(lambda: programs('build/host64/*_test', 'tools_test') + programs('tests/tools'))], 600),
    ('bench', [make('bench-smoke')], 300),
    ('servers', [make('server-programs'), AtOnce(lambda: programs('build/host64/*_test', 'targets_test', 'slirp_test'))], 600),
    ('unit', [make('unit-programs'), AtOnce(lambda: programs('build/host64/*_test', *UNITS))], 1500),
    ('unit32', [make('unit32-programs'), AtOnce(lambda: programs('build/host32/*_test', *UNITS))], 1500),
    ('fuzz', [make('fuzz'), make('--keep-going', '--output-sync', 'fuzz-smoke')], 600),
    ('machine', [AtOnce(lambda: longest_first(programs('tests/qemu')), int(JOBS) + 1, begin='unit')], 1500),
]


def longest_first(paths):
    """So that at the end no processor waits for a long one."""
    long = ['machine', 'readme', 'boot_linux', 'undi', 'nbp', 'faults', 'kernels', 'guides', 'image_tool']
    names = [os.path.basename(path) for path in paths]
    return sorted(paths, key=lambda path: (long + names).index(os.path.basename(path)))


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


class Interrupted(Exception):
    pass


class Program:
    """A program in a session of its own, whose output is shown as it comes once show() is called."""

    running = set()
    lock = threading.RLock()

    def __init__(self, command, limit, environment=None, niceness=0):
        self.command, self.limit, self.niceness = command, limit, niceness
        self.environment = {**os.environ, **(environment or {})}
        self.lines, self.shown = [], False
        self.code = None
        self.cases = []

    def run(self):
        with Program.lock:
            if stop.is_set():
                return
            process = subprocess.Popen(['nice', '-n', str(self.niceness), *self.command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                       text=True, errors='replace', start_new_session=True, env=self.environment)
            Program.running.add(process.pid)
        expired = threading.Event()

        def expire():
            expired.set()
            end_session(process.pid, signal.SIGKILL)

        timer = threading.Timer(self.limit, expire)
        timer.start()
        for line in process.stdout:
            self._say(line)
        self.code = process.wait()
        timer.cancel()
        end_session(process.pid, signal.SIGKILL)
        with Program.lock:
            Program.running.discard(process.pid)
        if expired.is_set():
            self._say(f'{" ".join(self.command)}: stopped after {self.limit} s\n')
            self.code = self.code or 1

    def _say(self, line):
        with Program.lock:
            self.lines.append(line)
            if self.shown:
                show(line)

    def show(self):
        with Program.lock:
            self.shown = True
            for line in self.lines:
                show(line)

    def output(self):
        return ''.join(self.lines)


stop = threading.Event()


def end_session(session, number):
    """Signals every process of a session that we started, whatever process groups they have made."""
    for entry in os.listdir('/proc'):
        if entry.isdigit():
            try:
                with open(f'/proc/{entry}/stat', 'rb') as file:
                    fields = file.read().rpartition(b')')[2].split()
                if int(fields[3]) == session:
                    os.kill(int(entry), number)
            except (OSError, ValueError):
                pass


def interrupt(number, _):
    """The first time, everything that runs may end what it started; then it is ended."""
    if stop.is_set():
        return
    stop.set()
    raise Interrupted(signal.Signals(number).name)


def end_all():
    with Program.lock:
        sessions = list(Program.running)
    for session in sessions:
        try:
            os.kill(session, signal.SIGTERM)
        except ProcessLookupError:
            pass
    deadline = time.monotonic() + GRACE
    while Program.running and time.monotonic() < deadline:
        time.sleep(0.05)
    for session in sessions:
        end_session(session, signal.SIGKILL)


class Run:
    """What has been done so far."""

    def __init__(self, stages):
        self.left = list(stages)
        self.count = Count()
        self.start = time.monotonic()
        self.times = {}
        self.cases = []
        self.unfinished = []
        self.beside = {}  # what has been begun of later stages

    def finish(self, program):
        count_output(program.output(), program.code, self.count, program.command)
        name = os.path.basename(program.command[0])
        for case, seconds in re.findall(r'^(?:ok|not ok) (.*) \((\d+\.\d) s\)$', program.output(), re.M):
            self.cases.append((float(seconds), f'{name} {case}'))

    def begin(self, programs, width):
        pool = ThreadPoolExecutor(max_workers=width)
        return pool, [(program, pool.submit(program.run)) for program in programs]

    def end(self, pool, begun):
        """The output of the first that is not through is shown as it comes, then the next one's."""
        self.unfinished = [program for program, _ in begun]
        try:
            for program, done in begun:
                program.show()
                while not done.done():
                    time.sleep(0.05)
                done.result()
                self.unfinished.remove(program)
                self.finish(program)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return all(program.code == 0 for program, _ in begun)

    def begin_all_of(self, command, limit):
        # Those in tests/ run one case at a time: it is programs that there are several of.
        environment = {'SANPIPER_JOBS': '1'} if command.width > 1 else None
        return self.begin([Program([program], limit, environment, self.niceness()) for program in command.programs()], command.width)

    def niceness(self):
        """Machines have time limits; what runs beside them has time."""
        return BESIDE if any(not done.done() for _, begun in self.beside.values() for _, done in begun) else 0

    def stage(self, commands, limit):
        for command in commands:
            if isinstance(command, AtOnce):
                self.end(*(self.beside.pop(command, None) or self.begin_all_of(command, limit)))
            elif not self.end(*self.begin([Program(command, limit, niceness=self.niceness())], 1)) and command[0] == 'make':
                break

    def begin_beside(self, name):
        """What later stages have that may run from here on."""
        for later, commands, limit in self.left[1:]:
            for command in commands:
                if isinstance(command, AtOnce) and command.begin == name:
                    print(f'   (beside it: {later})', flush=True)
                    self.beside[command] = self.begin_all_of(command, limit)

    def stages(self):
        while self.left:
            name, commands, limit = self.left[0]
            began = time.monotonic()
            print(f'== {name}', flush=True)
            self.begin_beside(name)
            try:
                self.stage(commands, limit)
            finally:
                self.times[name] = time.monotonic() - began
                print(f'== {name}: {self.times[name]:.0f} s', flush=True)
            self.left.pop(0)

    def close(self, interrupted):
        if interrupted:
            begun = [' '.join(program.command) for program in self.unfinished]
            print(f'Interrupted by {interrupted} in {self.left[0][0]}. Not run to the end: {", ".join(begun + [name for name, _, _ in self.left[1:]])}')
        if self.cases:
            print('The slowest cases:')
            for seconds, case in sorted(self.cases, reverse=True)[:10]:
                print(f'  {seconds:6.1f} s  {case}')
        total = time.monotonic() - self.start
        print(f'Total time: {total:.0f} s: ' + ', '.join(f'{name} {seconds:.0f}' for name, seconds in self.times.items()))
        if total > BUDGET:
            print(f'That is more than the {BUDGET} s that it may take on two quiet processors. Most of it took '
                  + ' and '.join(sorted(self.times, key=self.times.get, reverse=True)[:2]))
        count = self.count
        print(f'{count.passed} passed, {count.failed} failed, {count.skipped} skipped'
              + (', and not everything was run' if interrupted else ''), flush=True)
        return 1 if count.failed or not count.passed or interrupted else 0


def main(stages=STAGES):
    chosen = sys.argv[1:]
    names = [name for name, _, _ in stages]
    if chosen == ['--list']:
        print('\n'.join(names))
        return
    for name in chosen:
        if name not in names:
            sys.exit(f'tests/check: no stage {name!r}; there are: {", ".join(names)}')
    run = Run([stage for stage in stages if not chosen or stage[0] in chosen])
    for number in signal.SIGINT, signal.SIGTERM:
        signal.signal(number, interrupt)
    interrupted = None
    try:
        run.stages()
    except Interrupted as which:
        interrupted = which
        end_all()
    sys.exit(run.close(interrupted))


if __name__ == '__main__':
    main()
