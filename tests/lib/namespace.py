"""A network of its own for real DHCP servers: a Linux network namespace with a tap device, where machine and server meet. The
servers' configurations are the recipes of docs/guides/."""

import os
import re
import shutil
import subprocess
import tempfile
import time

import guide
from cases import Skip
from machine import Machine

SERVER, NETWORK = '10.87.0.1', '10.87.0.0'


class Namespace:
    _count = 0

    def __enter__(self):
        Namespace._count += 1
        self.name = f'sanpiper-{os.getpid()}-{Namespace._count}'
        made = subprocess.run(['ip', 'netns', 'add', self.name], capture_output=True, text=True)
        if made.returncode:
            raise Skip(f'no network namespace can be made here: {made.stderr.strip()}')
        for command in ('link set lo up', 'tuntap add tap0 mode tap', f'addr add {SERVER}/24 dev tap0', 'link set tap0 up'):
            done = subprocess.run(self.command('ip', *command.split()), capture_output=True, text=True)
            if done.returncode:
                self.__exit__(None, None, None)
                raise Skip(f'no tap device can be made here: {done.stderr.strip()}')
        return self

    def __exit__(self, kind, value, traceback):
        subprocess.run(['ip', 'netns', 'del', self.name], capture_output=True)

    def command(self, *words):
        return ['ip', 'netns', 'exec', self.name, *words]

    def machine(self, nic, rom=None):
        device = f'{nic},netdev=n0,bootindex=1' + (f',romfile={rom}' if rom else '')
        machine = Machine(network=False, extra=['-netdev', 'tap,id=n0,ifname=tap0,script=no,downscript=no', '-device', device])
        machine.command = self.command(*machine.command)
        return machine


class _Server:
    def __init__(self, space):
        self.space = space
        self.folder = tempfile.mkdtemp(prefix='sanpiper-dhcp.')
        os.chmod(self.folder, 0o755)
        self.processes = []

    def start(self, *command):
        log = open(os.path.join(self.folder, 'log'), 'a')
        self.processes.append(subprocess.Popen(self.space.command(*command), stdout=log, stderr=log))
        log.close()
        time.sleep(0.5)
        if self.processes[-1].poll() is not None:
            with open(os.path.join(self.folder, 'log')) as log:
                raise AssertionError(f'{command[0]} has ended:\n{log.read()}')

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w') as file:
            file.write(text)
        return path

    def tftp(self, *more):
        """dnsmasq, as TFTP server and what else its options say."""
        self.start('dnsmasq', '-k', '--port=0', '--user=root', '--interface=tap0', '--bind-interfaces', '--pid-file=', '--log-facility=-',
                   f'--dhcp-leasefile={self.folder}/leases', *more)

    def __exit__(self, kind, value, traceback):
        for process in self.processes:
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def adapted(text, folder):
    """The recipe, in our network."""
    return text.replace('10.0.0.', NETWORK[:-1]).replace('/srv/tftp', folder)


def recipe(title):
    return guide.block('chainloading', below=title)


class Dnsmasq(_Server):
    """`by`: how the recipe tells requests apart; or its text."""

    def __init__(self, space, by='', text=''):
        super().__init__(space)
        self.text = text or recipe(f'dnsmasq, by {by}')

    def __enter__(self):
        self.tftp('--conf-file=' + self.write('dnsmasq.conf', adapted(self.text, self.folder)))
        return self


class IscDhcp(_Server):
    def __init__(self, space, by):
        super().__init__(space)
        self.by = by

    def __enter__(self):
        self.tftp('--enable-tftp', f'--tftp-root={self.folder}', '--conf-file=/dev/null')
        configuration = self.write('dhcpd.conf', adapted(recipe(f'isc-dhcp-server, by {self.by}'), self.folder))
        leases = self.write('dhcpd.leases', '')
        self.start('dhcpd', '-f', '-4', '-cf', configuration, '-lf', leases, '-pf', os.path.join(self.folder, 'pid'),
                   '--no-pid', 'tap0')
        return self
