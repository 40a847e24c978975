// Why packets are dropped. Bad or unwanted packets are never a Failure: they are counted, by reason, on the interface
// that they came from or were to leave by, and `ifstat` shows the counts.
#pragma once

#include <cstddef>
#include <cstdint>

namespace net {

enum class Drop : std::uint8_t {
    // Ethernet
    FrameTooShort,
    FrameForOthers,
    FrameOfOtherVlan,
    FrameOfUnknownType,
    // ARP
    ArpMalformed,
    // IPv4
    IpHeaderBroken,
    IpHeaderChecksum,
    IpForOthers,
    IpSourceImpossible,
    IpProtocolUnknown,
    FragmentsOverlap,
    FragmentsTooLarge,
    FragmentsIncomplete,  // timed out, or gave way to newer ones
    // Above
    IcmpMalformed,
    IcmpNotOurs,  // an error about something that we did not send
    UdpMalformed,
    UdpChecksum,
    UdpPortClosed,
    UdpQueueFull,
    TcpMalformed,
    TcpChecksum,
    TcpNoConnection,
    // On the way out
    NoMemory,
    LinkClosed,
    TransmitQueueFull,
    NeighbourSilent,  // no answer to ARP
    DatagramTooLarge,
    kCount,
};
inline constexpr std::size_t kDropReasons = static_cast<std::size_t>(Drop::kCount);

// In words, for `ifstat`: "UDP checksum wrong".
const char* drop_text(Drop reason);

}  // namespace net
