"""What several cases start from: a machine with a boot script, a floppy that says it was booted."""

import os

from cases import rom
from machine import Machine


def script_machine(folder, lines, rom_name='8086100e', nic='e1000', **arguments):
    with open(os.path.join(folder, 'boot.ipxe'), 'w') as script:
        script.write('#!ipxe\n' + '\n'.join(lines) + '\n')
    arguments.setdefault('user', f'tftp={folder},bootfile=boot.ipxe')
    arguments.setdefault('memory', '256M')
    return Machine(nic=nic, rom=rom(rom_name) if rom_name else '', **arguments)


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
