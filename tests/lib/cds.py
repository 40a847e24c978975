"""Bootable CD images and disks for tests, made with the tools that distributions use."""

import hashlib
import os
import random
import shutil
import subprocess

from assemble import assemble
from scenes import boot_message


def data(path, megabytes=4):
    """A file of noise; returns its MD5 sum."""
    content = random.Random(1).randbytes(megabytes << 20)
    with open(path, 'wb') as file:
        file.write(content)
    return hashlib.md5(content).hexdigest()


def isolinux_cd(folder, name='isolinux.iso'):
    """ISOLINUX, with a boot sector on the CD as its kernel that says 'ISOLINUX has loaded this'."""
    tree = os.path.join(folder, 'isolinux.tree')
    os.makedirs(os.path.join(tree, 'isolinux'))
    shutil.copy('/usr/lib/ISOLINUX/isolinux.bin', os.path.join(tree, 'isolinux'))
    shutil.copy('/usr/lib/syslinux/modules/bios/ldlinux.c32', os.path.join(tree, 'isolinux'))
    message = os.path.join(tree, 'isolinux', 'message.bin')
    boot_message(message, 'ISOLINUX has loaded this')
    os.truncate(message, 2048)
    with open(os.path.join(tree, 'isolinux', 'isolinux.cfg'), 'w') as file:
        file.write('SERIAL 0 115200\nDEFAULT it\nLABEL it\n  KERNEL message.bin\n')
    path = os.path.join(folder, name)
    subprocess.run(['xorriso', '-as', 'mkisofs', '-quiet', '-o', path, '-J', '-R', '-b', 'isolinux/isolinux.bin', '-c',
                    'isolinux/boot.cat', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table', tree],
                   check=True, capture_output=True)
    return path


def emulation_cd(folder, sectors, chs, options=()):
    """A CD with the image of a disk (tests/qemu/cd_image.asm); its last sector, at that CHS, says 'the last sector'."""
    tree = os.path.join(folder, 'emulation.tree')
    os.makedirs(tree)
    image = os.path.join(tree, 'image')
    cylinder, head, sector = chs
    assemble('qemu/cd_image.asm', image, f'-DCYLINDER={cylinder}', f'-DHEAD={head}', f'-DSECTOR={sector}')
    with open(image, 'r+b') as file:
        file.seek((sectors - 1) * 512)
        file.write(b'the last sector'.ljust(512, b'\0'))
    path = os.path.join(folder, 'emulation.iso')
    subprocess.run(['xorriso', '-as', 'mkisofs', '-quiet', '-o', path, '-b', 'image', '-c', 'boot.cat', *options, tree],
                   check=True, capture_output=True)
    return path


GRUB_CONFIG = '''serial --unit=0 --speed=115200
terminal_output serial
echo GRUB has read its configuration from $root
md5sum {data}
echo GRUB is done
halt
'''


def grub_cd(folder, name='grub.iso'):
    """What grub-mkrescue makes; prints the MD5 sum of a file on the CD. Returns the path and the sum."""
    tree = os.path.join(folder, 'grub.tree')
    os.makedirs(os.path.join(tree, 'boot', 'grub'))
    total = data(os.path.join(tree, 'data'))
    with open(os.path.join(tree, 'boot', 'grub', 'grub.cfg'), 'w') as file:
        file.write(GRUB_CONFIG.format(data='/data'))
    path = os.path.join(folder, name)
    subprocess.run(['grub-mkrescue', '-d', '/usr/lib/grub/i386-pc', '-o', path, tree], check=True, capture_output=True)
    return path, total


def grub_disk(folder, name='grub.disk'):
    """GRUB in the first sectors of a disk; prints the MD5 sum of 4 MiB of the disk. Returns the path and the sum."""
    noise = os.path.join(folder, 'noise')
    total = data(noise)
    config = os.path.join(folder, 'grub.cfg')
    with open(config, 'w') as file:
        file.write(GRUB_CONFIG.format(data='(hd0)8192+8192'))
    core = os.path.join(folder, 'core')
    subprocess.run(['grub-mkimage', '-O', 'i386-pc', '-p', '/', '-c', config, '-o', core, 'biosdisk', 'serial', 'terminal', 'echo',
                    'hashsum', 'gcry_md5', 'halt', 'part_msdos'], check=True)
    path = os.path.join(folder, name)
    with open(path, 'wb') as disk:
        for part in '/usr/lib/grub/i386-pc/boot.img', core:
            with open(part, 'rb') as file:
                disk.write(file.read())
        disk.seek(8192 * 512)
        with open(noise, 'rb') as file:
            disk.write(file.read())
    return path, total
