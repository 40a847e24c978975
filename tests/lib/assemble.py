"""Programs in assembly that tests run in machines."""

import os
import subprocess

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def assemble(name, output, *options, format='bin'):
    """`name` is below tests/, as in 'qemu/installer.asm'; `options` and `format` are NASM's."""
    subprocess.run(['nasm', '-f', format, '-Wall', '-Werror', '-I', os.path.join(TESTS, 'qemu', ''), *options, '-o', output,
                    os.path.join(TESTS, name)], check=True)
