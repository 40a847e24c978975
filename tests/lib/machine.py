"""A QEMU machine for tests: TCG, no display, COM1 read and typed at, QMP beside it, and a time limit on everything."""

import codecs
import json
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time

# Cases say what is enough on a quiet machine; others run beside them.
PATIENCE = 3


class Timeout(AssertionError):
    """The machine did not print what was expected in time."""


class Machine:
    """Runs while its `with` block does. Network: QEMU's user network only (10.0.2.2 is this host's loopback)."""

    def __init__(self, nic='virtio-net-pci', rom=None, memory='256M', cpu=None, user='', device='', extra=(),
                 binary='qemu-system-x86_64', bootindex=1, network=True):
        self.directory = tempfile.mkdtemp(prefix='sanpiper-machine.')
        self.output = ''
        self._decoder = codecs.getincrementaldecoder('utf-8')('replace')
        self.terminal = None  # a Terminal that sees COM1's output and answers it
        self._seen = 0
        self.started = None
        qmp = os.path.join(self.directory, 'qmp')
        command = [binary, '-accel', os.environ.get('SANPIPER_ACCEL', 'tcg'), '-m', memory, '-display', 'none',
                   '-nodefaults', '-vga', 'std', '-serial', 'stdio', '-qmp', f'unix:{qmp},server=on,wait=off']
        if cpu:
            command += ['-cpu', cpu]
        if network:
            command += ['-netdev', 'user,id=n0' + (',' + user if user else '')]
            nic_device = f'{nic},netdev=n0,id=nic0'
            if bootindex is not None:
                nic_device += f',bootindex={bootindex}'
            if rom is not None:
                nic_device += f',romfile={rom}'
            command += ['-device', nic_device + (',' + device if device else '')]
        self.command = command + list(extra)
        self._qmp_path = qmp
        self._qmp = None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.started = time.monotonic()
        os.set_blocking(self.process.stdout.fileno(), False)
        return self

    def __exit__(self, kind, value, traceback):
        if self._qmp:
            self._qmp.close()
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _read(self, wait):
        ready, _, _ = select.select([self.process.stdout], [], [], wait)
        if not ready:
            return True
        data = self.process.stdout.read()
        if data == b'':
            return False
        text = self._decoder.decode(data or b'')
        self.output += text
        if self.terminal and (answer := self.terminal.feed(text)):
            self.send(answer)
        return True

    def expect(self, pattern, timeout=30, fail=None):
        """Waits for a regular expression in what COM1 prints after the last match; returns the match.
        `fail`: an expression whose appearance ends the wait as a failure at once."""
        timeout *= PATIENCE
        deadline = time.monotonic() + timeout
        while True:
            fresh = strip_escapes(self.output[self._seen:])
            match = re.search(pattern, fresh)
            if match:
                # Go on behind the match, counted in the raw output.
                self._seen = raw_offset(self.output, self._seen, match.end())
                return match
            if fail and (bad := re.search(fail, fresh)):
                raise AssertionError(f'saw {bad.group(0)!r} while waiting for {pattern!r}\n{self.tail()}')
            left = deadline - time.monotonic()
            if left <= 0:
                raise Timeout(f'no {pattern!r} within {timeout} s; the end of the output:\n{self.tail()}')
            if not self._read(min(left, 1)):
                raise AssertionError(f'QEMU ended ({self.process.wait()}) while waiting for {pattern!r}\n{self.tail()}')

    def run_for(self, seconds):
        """Collects output for a while."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not self._read(min(left, 0.5)):
                return

    def wait_end(self, timeout=30):
        """Waits for QEMU to end by itself (power off)."""
        timeout *= PATIENCE
        deadline = time.monotonic() + timeout
        while self._read(0.2):
            if time.monotonic() > deadline:
                raise Timeout(f'the machine did not power off within {timeout} s\n{self.tail()}')
        self.process.wait()

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def tail(self, lines=25):
        return '\n'.join('    | ' + line for line in strip_escapes(self.output).splitlines()[-lines:])

    def text(self):
        return strip_escapes(self.output)

    def qmp(self, command, **arguments):
        if not self._qmp:
            deadline = time.monotonic() + 10
            while True:
                try:
                    connection = socket.socket(socket.AF_UNIX)
                    connection.connect(self._qmp_path)
                    break
                except OSError:
                    connection.close()
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)
            connection.settimeout(30)
            self._qmp = connection
            self._qmp_file = connection.makefile('rw')
            self._qmp_file.readline()
            self.qmp('qmp_capabilities')
        self._qmp_file.write(json.dumps({'execute': command, 'arguments': arguments}) + '\n')
        self._qmp_file.flush()
        while True:
            answer = json.loads(self._qmp_file.readline())
            if 'return' in answer:
                return answer['return']
            if 'error' in answer:
                raise AssertionError(f'QMP {command}: {answer["error"]["desc"]}')

    def monitor(self, line):
        """A line of QEMU's own monitor, and what it prints."""
        return self.qmp('human-monitor-command', **{'command-line': line})

    def io_base(self, device='nic0'):
        """Where the BIOS has put the I/O ports of a PCI device."""
        block = next(text for text in self.monitor('info pci').split('  Bus ') if f'id "{device}"' in text)
        return int(re.search(r'I/O at (0x[0-9a-f]+) ', block)[1], 16)

    def set_link(self, up):
        self.qmp('set_link', name='nic0', up=up)

    def press(self, *keys):
        """Keys on the PS/2 keyboard, by QEMU's names; 'ctrl-b' is a chord."""
        for key in keys:
            self.qmp('send-key', keys=[{'type': 'qcode', 'data': part} for part in key.split('-')])
            time.sleep(0.15)

    def screen(self, rows=25):
        """The text on the VGA text screen, read from video memory."""
        dump = os.path.join(self.directory, 'screen')
        size = rows * 160
        self.qmp('pmemsave', val=0xb8000, size=size, filename=dump)
        for _ in range(50):
            if os.path.exists(dump) and os.path.getsize(dump) == size:
                break
            time.sleep(0.05)
        with open(dump, 'rb') as file:
            cells = file.read()[::2]
        return '\n'.join(cells[i * 80:(i + 1) * 80].decode('cp437').rstrip() for i in range(rows))

    def screenshot(self, path):
        self.qmp('screendump', filename=path)


_ESCAPE = re.compile(r'\x1b\[[0-9;?]*[A-Za-z]|\x1bc|\r')


def strip_escapes(text):
    return _ESCAPE.sub('', text)


def raw_offset(output, start, stripped_length):
    """Where in `output` (raw) the first `stripped_length` characters behind `start`, without escapes, end."""
    position = start
    while stripped_length > 0:
        escape = _ESCAPE.match(output, position)
        if escape:
            position = escape.end()
        else:
            position += 1
            stripped_length -= 1
    return position
