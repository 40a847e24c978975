"""The disk that exercises INT 13h (tests/bench/int13_disk.asm), filled with the pattern which it expects."""

import array
import os

from assemble import assemble


def make_disk(path, megabytes=200, soak=False, writes=False):
    """The program, then the pattern that it expects: doubleword i of sector n is n * 01000193h + i. With `writes` it writes a little, verifies
    that, and is done."""
    program = path + '.program'
    assemble('bench/int13_disk.asm', program, *(['-DSOAK'] if soak else ['-DWRITES'] if writes else []))
    with open(path, 'wb') as disk:
        with open(program, 'rb') as file:
            disk.write(file.read())
        disk.seek(2048 * 512)
        for first in range(2048, 2048 + 131072, 512):  # 64 MiB of it
            words = array.array('I')
            for sector in range(first, first + 512):
                base = sector * 0x01000193 & 0xffffffff
                words.extend((base + i) & 0xffffffff for i in range(128))
            disk.write(words.tobytes())
        disk.truncate(megabytes << 20)
    os.unlink(program)
