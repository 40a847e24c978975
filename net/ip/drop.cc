#include "net/ip/drop.h"

namespace net {

const char* drop_text(Drop reason) {
    switch (reason) {
        case Drop::FrameTooShort: return "frame too short";
        case Drop::FrameForOthers: return "frame for another station";
        case Drop::FrameOfOtherVlan: return "frame of another VLAN";
        case Drop::FrameOfUnknownType: return "frame of unknown type";
        case Drop::ArpMalformed: return "ARP malformed";
        case Drop::IpHeaderBroken: return "IPv4 header broken";
        case Drop::IpHeaderChecksum: return "IPv4 checksum wrong";
        case Drop::IpForOthers: return "IPv4 for another address";
        case Drop::IpSourceImpossible: return "IPv4 source impossible";
        case Drop::IpProtocolUnknown: return "IP protocol unknown";
        case Drop::FragmentsOverlap: return "fragments overlap";
        case Drop::FragmentsTooLarge: return "fragmented datagram too large";
        case Drop::FragmentsIncomplete: return "fragments missing";
        case Drop::IcmpMalformed: return "ICMP malformed";
        case Drop::IcmpNotOurs: return "ICMP error about nothing of ours";
        case Drop::UdpMalformed: return "UDP malformed";
        case Drop::UdpChecksum: return "UDP checksum wrong";
        case Drop::UdpPortClosed: return "UDP port closed";
        case Drop::UdpQueueFull: return "UDP queue full";
        case Drop::TcpMalformed: return "TCP malformed";
        case Drop::TcpChecksum: return "TCP checksum wrong";
        case Drop::TcpNoConnection: return "TCP without connection";
        case Drop::NoMemory: return "no packet buffer";
        case Drop::LinkClosed: return "interface closed";
        case Drop::TransmitQueueFull: return "transmit queue full";
        case Drop::NeighbourSilent: return "no answer to ARP";
        case Drop::DatagramTooLarge: return "datagram too large";
        case Drop::kCount: break;
    }
    return "unknown";
}

}  // namespace net
