"""Debian's kernel, and initramfs archives that show what they were given."""

import os
import re
import shutil
import subprocess
import tempfile

from cases import BUILD, ROOT, locked


def debian_kernel():
    """The path of the kernel that Debian ships for virtual machines; downloaded once, not installed."""
    path = os.path.join(BUILD, 'kernel', 'vmlinuz')
    with locked('kernel'):
        if os.path.exists(path):
            return path
        depends = subprocess.run(['apt-cache', 'depends', 'linux-image-cloud-amd64'], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        package = re.search(r'Depends: (linux-image-\S+)', depends).group(1)
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)  # apt downloads as a user of its own
            subprocess.run(['apt-get', 'download', '-qq', package], cwd=folder, check=True)
            archive = next(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith('.deb'))
            with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', archive], stdout=subprocess.PIPE) as unpacking:
                subprocess.run(['tar', '-x', '-C', folder, '--wildcards', './boot/vmlinuz-*'],
                               stdin=unpacking.stdout, check=True)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            (kernel,) = os.listdir(os.path.join(folder, 'boot'))
            shutil.move(os.path.join(folder, 'boot', kernel), path)
    return path


def debian_installer():
    """The paths of the kernel and the initrd of Debian's installer; downloaded once."""
    names = 'linux', 'initrd.gz'
    target = os.path.join(BUILD, 'installer')
    with locked('installer'):
        if not os.path.exists(target):
            with tempfile.TemporaryDirectory() as folder:
                os.chmod(folder, 0o755)
                subprocess.run(['apt-get', 'download', '-qq', 'debian-installer-12-netboot-amd64'], cwd=folder, check=True)
                (package,) = os.listdir(folder)
                inside = './usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/'
                unpacked = os.path.join(folder, 'unpacked')
                os.mkdir(unpacked)
                with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', os.path.join(folder, package)], stdout=subprocess.PIPE) as unpacking:
                    subprocess.run(['tar', '-x', '-C', unpacked, '--strip-components', str(inside.count('/')), *(inside + name for name in names)],
                                   stdin=unpacking.stdout, check=True)
                shutil.move(unpacked, target)
    return [os.path.join(target, name) for name in names]


def init_program():
    """The first process of the machines here (tests/qemu/init.cc): says what it finds and switches off."""
    path = os.path.join(BUILD, 'kernel', 'init')
    source = os.path.join(ROOT, 'tests', 'qemu', 'init.cc')
    with locked('kernel'):
        if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(source):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            subprocess.run(['g++', '-std=c++20', '-Os', '-s', '-static', '-o', path, source], check=True)
    return path


def archive(files):
    """A cpio archive (newc) of regular files: {name: (content, mode)}."""
    out = bytearray()

    def member(name, content, mode):
        header = '070701' + ''.join(f'{n:08x}' for n in (0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0))
        out.extend(header.encode() + name.encode() + b'\0')
        out.extend(bytes(-len(out) % 4) + content)
        out.extend(bytes(-len(out) % 4))

    for name, (content, mode) in files.items():
        member(name, content, 0o100000 | mode)
    member('TRAILER!!!', b'', 0)
    return bytes(out)


def init_archive():
    with open(init_program(), 'rb') as file:
        return archive({'init': (file.read(), 0o755)})
