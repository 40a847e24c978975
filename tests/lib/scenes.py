"""What several cases start from: a machine with a boot script, a floppy that says it was booted."""

import os

from cases import ROOT, quick
from machine import Machine

# What cases run on where it does not matter: the NIC that is up soonest (QEMU's e1000 receives nothing for a second), and images packed with LZMA.
NIC = 'virtio-net-pci'
ROM = '1af41000'
KERNEL = os.path.join(ROOT, 'bin', ROM + '.lkrn')


def served(folder, lines):
    with open(os.path.join(folder, 'boot.ipxe'), 'w') as script:
        script.write('#!ipxe\n' + '\n'.join(lines) + '\n')
    return f'tftp={folder},bootfile=boot.ipxe'


def script_machine(folder, lines, rom_name=ROM, nic=NIC, packed=quick, **arguments):
    """`packed`: cases.rom where size or memory is what is tested."""
    arguments.setdefault('user', served(folder, lines))
    return Machine(nic=nic, rom=packed(rom_name) if rom_name else '', **arguments)


def machine_with_all_features(folder, lines, extra=(), **arguments):
    """Started as a kernel: packed with LZMA, they are too large for a ROM."""
    arguments.setdefault('user', served(folder, lines))
    return Machine(nic=NIC, rom='', bootindex=None, extra=['-kernel', KERNEL, *extra], **arguments)


def boot_message(path, text):
    """A boot sector that prints a text on COM1 and halts."""
    code = bytearray()
    for byte in (text + '\r\n').encode():
        # mov dx,3fdh; in al,dx; test al,20h; jz -5; mov dx,3f8h; mov al,byte; out dx,al
        code += bytes([0xba, 0xfd, 0x03, 0xec, 0xa8, 0x20, 0x74, 0xfb, 0xba, 0xf8, 0x03, 0xb0, byte, 0xee])
    code += b'\xf4\xeb\xfd'
    with open(path, 'wb') as disk:
        disk.write(bytes(code).ljust(510, b'\0') + b'\x55\xaa')
        disk.truncate(1440 * 1024)
