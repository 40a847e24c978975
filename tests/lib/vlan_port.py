"""A switch's two ports for kernels without VLAN devices: vlan_port.py TRUNK ACCESS PEER ID. What comes tagged with the id on the trunk goes without
the tag to the access port, whose other end PEER is, and back."""

import ctypes
import fcntl
import select
import socket
import struct
import sys

ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA, PACKET_OUTGOING = 3, 263, 8, 4
VLAN_VALID = 0x10                       # TP_STATUS_VLAN_VALID in tpacket_auxdata's status
SIOCETHTOOL, ETHTOOL_STXCSUM = 0x8946, 0x17


def open_port(name):
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    port.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    port.bind((name, 0))
    return port


def complete_checksums(name):
    """Whoever sends by this device is to fill in checksums: no hardware will."""
    request = bytearray(struct.pack('II', ETHTOOL_STXCSUM, 0))
    address = (ctypes.c_char * len(request)).from_buffer(request)
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(control, SIOCETHTOOL, struct.pack('16sP', name.encode(), ctypes.addressof(address)))


def receive(port):
    """The frame and the VLAN that the kernel took out of it, or None."""
    frame, ancillary, _, sender = port.recvmsg(2048, 256)
    if sender[2] == PACKET_OUTGOING:
        return None, None
    for level, kind, data in ancillary:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tag, _ = struct.unpack('IIIHHHH', data[:20])
            if status & VLAN_VALID:
                return frame, tag & 0xfff
    if frame[12:14] == b'\x81\x00':
        return frame[:12] + frame[16:], struct.unpack('>H', frame[14:16])[0] & 0xfff
    return frame, None


def main(trunk_name, access_name, peer_name, vlan):
    complete_checksums(peer_name)
    trunk, access = open_port(trunk_name), open_port(access_name)
    while True:
        for port in select.select([trunk, access], [], [])[0]:
            frame, tag = receive(port)
            if frame is None:
                continue
            if port is access:
                trunk.send(frame[:12] + struct.pack('>HH', 0x8100, vlan) + frame[12:])
            elif tag == vlan:
                access.send(frame)


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
