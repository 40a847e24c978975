"""The disk that exercises INT 13h (tests/bench/int13_disk.asm), filled with the pattern which it expects."""

import array
import os
import subprocess

SOURCE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'bench', 'int13_disk.asm')
