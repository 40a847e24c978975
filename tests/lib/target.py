"""Real iSCSI targets for tests, on loopback, each with its own port and control number; ended by pid."""

import os
import random
import shutil
import socket
import subprocess
import tempfile
import time

import guide


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Tgt:
    """Linux SCSI target framework: tgtd. LUN 0 is always its controller; disks start at LUN 1."""

    iqn = 'iqn.2026-11.example.sanpiper:disk'

    def __init__(self, *disks, port=None, read_only=False, block_size=512, cd=False):
        self.port = port or free_port()
        self.control = random.randrange(1000, 30000)
        self.disks = disks
        self.read_only = read_only
        self.block_size = block_size
        self.cd = cd
        self.process = None
        self._setup = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        environment = dict(os.environ)
        self.process = subprocess.Popen(
            ['tgtd', '-f', '-C', str(self.control), '--iscsi', f'portal=127.0.0.1:{self.port}'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        self._wait_ready()
        self.set_up()

    def set_up(self):
        self.admin('target', 'new', '--tid', '1', '-T', self.iqn)
        for lun, disk in enumerate(self.disks, 1):
            self.admin('logicalunit', 'new', '--tid', '1', '--lun', str(lun), '-b', disk,
                       *(['--blocksize', str(self.block_size)] if self.block_size != 512 else []),
                       *(['--device-type', 'cd'] if self.cd else []))
            if self.read_only:
                self.admin('logicalunit', 'update', '--tid', '1', '--lun', str(lun), '--params', 'readonly=1')
        self.admin('target', 'bind', '--tid', '1', '-I', 'ALL')
        for arguments in self._setup:
            self.admin(*arguments)

    def _wait_ready(self):
        deadline = time.monotonic() + 10
        while subprocess.run(['tgtadm', '-C', str(self.control), '--lld', 'iscsi', '--mode', 'sys', '--op', 'show'],
                             capture_output=True).returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError('tgtd did not start')
            time.sleep(0.05)

    def admin(self, mode, operation, *arguments):
        subprocess.run(['tgtadm', '-C', str(self.control), '--lld', 'iscsi', '--mode', mode, '--op', operation,
                        *arguments], check=True, capture_output=True)

    def again(self, mode, operation, *arguments):
        """Sets something up now and after every restart."""
        self._setup.append((mode, operation, *arguments))
        self.admin(mode, operation, *arguments)

    def require_chap(self, user, secret, reverse_user=None, reverse_secret=None):
        self.again('account', 'new', '--user', user, '--password', secret)
        self.again('account', 'bind', '--tid', '1', '--user', user)
        if reverse_user:
            self.again('account', 'new', '--user', reverse_user, '--password', reverse_secret)
            self.again('account', 'bind', '--tid', '1', '--user', reverse_user, '--outgoing')

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def restart(self, down_for=1.0):
        self.stop()
        time.sleep(down_for)
        self.start()

    def uri(self, lun=1, target=None):
        return f'iscsi:10.0.2.2:tcp:{self.port}:{lun:x}:{target or self.iqn}'


class TgtByHand(Tgt):
    """tgtd, set up by the commands of a guide; its files are in `storage`."""

    def __init__(self, storage, commands):
        super().__init__()
        self.storage, self.commands = storage, commands

    def set_up(self):
        for command in self.commands.splitlines():
            command = command.replace('/srv/iscsi', self.storage).replace('tgtadm ', f'tgtadm -C {self.control} ').replace('40G', '4M')
            done = subprocess.run(command, shell=True, capture_output=True, text=True)
            if done.returncode:
                raise AssertionError(f'{command}: {done.stderr}')


class Istgt:
    """istgt: its disks start at LUN 0."""

    iqn = 'iqn.2026-11.example:disk7'

    def __init__(self, disk, port=None):
        self.disk, self.port = disk, port or free_port()
        self.process = None

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='sanpiper-istgt.')
        path = os.path.join(self.directory, 'istgt.conf')
        with open(path, 'w') as file:
            file.write(self.configuration())
        open(os.path.join(self.directory, 'auth'), 'w').close()
        os.chmod(os.path.join(self.directory, 'auth'), 0o600)
        self.process = subprocess.Popen(['istgt', '-D', '-c', path], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(('127.0.0.1', self.port)) == 0:
                    return self
            time.sleep(0.1)
        raise RuntimeError('istgt did not start')

    def configuration(self):
        """The guide's, for one disk and port of our own."""
        text = guide.block('targets', 'istgt')
        for there, here in {'/srv/iscsi/disk7': self.disk, '/srv/iscsi': self.directory, '/run/istgt.pid': f'{self.directory}/pid',
                            '/etc/istgt/auth.conf': f'{self.directory}/auth', '10.0.0.1:3260': f'127.0.0.1:{self.port}'}.items():
            if there not in text:
                raise AssertionError(f'the guide has no {there}')
            text = text.replace(there, here)
        return text

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def uri(self):
        return f'iscsi:10.0.2.2:tcp:{self.port}:0:{self.iqn}'
