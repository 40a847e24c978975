#!/usr/bin/env python3
"""A switch with two ports: a machine on one that carries one VLAN tagged, and a tap device on the other, which knows of no VLAN.
For where the kernel has no VLANs. Runs until it is killed: vlan_switch.py TAP VLAN PORT MACHINES_PORT"""

import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454ca, 2, 0x1000
TPID = b'\x81\x00'


def main():
    name, vlan, port, machine = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    tap = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack('16sH22x', name.encode(), IFF_TAP | IFF_NO_PI))
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind(('127.0.0.1', port))
    while True:
        for ready in select.select([tap, wire], [], [])[0]:
            if ready is wire:
                frame = wire.recv(2048)
                tag = int.from_bytes(frame[14:16], 'big') & 0xfff
                if frame[12:14] == TPID and tag == vlan:
                    os.write(tap, frame[:12] + frame[16:])
            else:
                frame = os.read(tap, 2048)
                wire.sendto(frame[:12] + TPID + vlan.to_bytes(2, 'big') + frame[12:], ('127.0.0.1', machine))


if __name__ == '__main__':
    main()
