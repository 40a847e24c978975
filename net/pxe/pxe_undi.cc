#include "net/pxe/pxe_undi.h"

#include <algorithm>

#include "net/pxe/pxe_calls.h"
#include "net/wire/dhcp.h"
#include "net/wire/ethernet.h"
#include "net/wire/ipv4.h"

namespace net {

namespace {

using pxe::Status;

// How long a full ring is waited for.
constexpr util::Duration kTransmitPatience = util::Duration::milliseconds(200);
constexpr std::size_t kLargestFrame = 1514 + 4;
constexpr std::uint16_t kRarp = 0x8035;

std::uint16_t type_of(util::Bytes frame) {
    const auto* header = util::view_as<EthernetHeader>(frame);
    return header ? header->type.get() : std::uint16_t{0};
}

void set_address(pxe::HardwareAddress& field, const MacAddress& address) {
    field = {};
    std::memcpy(field.bytes, address.octets.data(), sizeof address);
}

bool equal(const pxe::HardwareAddress& field, const MacAddress& address) {
    return std::memcmp(field.bytes, address.octets.data(), sizeof address) == 0;
}

bool has_event(const PxeUndi& undi, PxeLink& link) { return undi.transmitted || !link.queue().empty(); }

// The next thing that happened: a frame sent, a frame received, or nothing.
void next_event(PxeApi& api, pxe::UndiIsr& call) {
    PxeUndi& undi = api.undi;
    call.buffer_length = call.frame_length = call.header_length = 0;
    call.frame = {};
    call.protocol = call.packet_type = 0;
    if (undi.transmitted) {
        --undi.transmitted;
        call.flag = pxe::kIsrTransmitted;
        return;
    }
    if (undi.link.queue().empty()) api.loop().poll_once();
    Packet frame = undi.link.queue().pop_front();
    call.flag = frame ? pxe::kIsrReceived : pxe::kIsrDone;
    if (!frame) return;
    auto size = static_cast<std::uint16_t>(frame.size());
    std::memcpy(api.area.bytes.data(), frame.data().data(), size);
    call.frame = api.area.at;
    call.buffer_length = call.frame_length = size;
    call.header_length = sizeof(EthernetHeader);
    switch (type_of(frame.data())) {
        case ether_type::kIpv4: call.protocol = pxe::kProtocolIp; break;
        case ether_type::kArp: call.protocol = pxe::kProtocolArp; break;
        case kRarp: call.protocol = pxe::kProtocolRarp; break;
        default: call.protocol = pxe::kProtocolOther;
    }
    const MacAddress& to = util::view_as<EthernetHeader>(util::Bytes(frame.data()))->destination;
    if (to.is_multicast())
        call.packet_type = to == MacAddress::broadcast() ? pxe::kPacketBroadcast : pxe::kPacketMulticast;
}

// Appends what a pointer (far, or physical) of the program's names. False: not its memory, or too long.
bool gather(PxeApi& api, Packet& packet, auto pointer, std::size_t size) {
    if (!size) return true;
    util::Bytes source = api.map(pointer, size);
    util::MutableBytes target = packet.append(size);
    if (source.empty() || target.empty()) return false;
    std::memcpy(target.data(), source.data(), size);
    return true;
}

bool gather_all(PxeApi& api, Packet& packet, const pxe::TransmitDescriptor& descriptor) {
    if (!gather(api, packet, descriptor.immediate, descriptor.immediate_length)) return false;
    if (descriptor.block_count > pxe::TransmitDescriptor::kBlocks) return false;
    for (unsigned i = 0; i < descriptor.block_count; ++i) {
        const pxe::TransmitBlock& block = descriptor.blocks[i];
        std::uint32_t physical = std::uint32_t{block.pointer.segment} << 16 | block.pointer.offset;
        bool gathered = block.pointer_type == pxe::TransmitBlock::kPhysical ? gather(api, packet, physical, block.length)
                                                                            : gather(api, packet, block.pointer, block.length);
        if (!gathered) return false;
    }
    return packet.size() <= kLargestFrame;
}

bool push_header(PxeApi& api, Packet& packet, const pxe::UndiTransmit& call) {
    static constexpr std::uint16_t kTypes[] = {ether_type::kIpv4, ether_type::kArp, kRarp};
    if (call.protocol == pxe::kProtocolUnknown) return true;
    if (call.protocol > std::size(kTypes)) return false;
    auto* header = util::view_as<EthernetHeader>(packet.push(sizeof(EthernetHeader)));
    header->destination = MacAddress::broadcast();
    if (!call.to_broadcast) {
        util::MutableBytes destination = api.map(call.destination, sizeof(MacAddress));
        if (destination.empty()) return false;
        std::memcpy(header->destination.octets.data(), destination.data(), destination.size());
    }
    header->source = api.parts.interface.mac();
    header->type = kTypes[call.protocol - 1];
    return true;
}

}  // namespace

// Up to the next frame that is for our own stack.
Packet PxeLink::receive() {
    for (unsigned i = 0; i < kFramesAtOnce; ++i) {
        Packet frame = link_.receive();
        if (!frame || !tapped_ || is_for_us(frame.data())) return frame;
        if (!is_wanted(frame.data())) continue;
        if (type_of(frame.data()) != ether_type::kArp) {
            give(std::move(frame));
            continue;
        }
        // ARP answers questions of both.
        if (Packet copy = stack_.packets().allocate()) {
            util::Bytes bytes = frame.data();
            std::memcpy(copy.append(bytes.size()).data(), bytes.data(), bytes.size());
            give(std::move(copy));
        }
        return frame;
    }
    return {};
}

bool PxeLink::is_for_us(util::Bytes frame) {
    if (type_of(frame) != ether_type::kIpv4) return false;
    util::Bytes packet = frame.subspan(sizeof(EthernetHeader));
    const auto* header = util::view_as<Ipv4Header>(packet);
    if (!header || header->is_fragment() || header->header_size() > packet.size()) return false;
    util::Reader ports(packet.subspan(header->header_size()));
    std::uint16_t remote = ports.be16(), local = ports.be16();
    return ports.ok() && stack_.expects(header->protocol, {header->source, remote}, local);
}

bool PxeLink::is_wanted(util::Bytes frame) {
    const auto* header = util::view_as<EthernetHeader>(frame);
    if (!header || frame.size() > kLargestFrame) return false;
    const MacAddress& to = header->destination;
    // Programs that ask for unicast only want ARP to work all the same.
    if (filter_ & pxe::kFilterPromiscuous || to == MacAddress::broadcast() || to == link_.address()) return true;
    std::size_t count = std::min<std::size_t>(multicast_.count, pxe::kMulticastAddresses);
    for (std::size_t i = 0; i < count; ++i)
        if (equal(multicast_.addresses[i], to)) return true;
    return false;
}

void PxeLink::give(Packet frame) {
    if (queue_.count() >= kQueue) {
        ++statistics.lost;
        return;
    }
    ++statistics.received;
    queue_.push_back(std::move(frame));
}

Status pxe_undi_start(PxeApi& api, std::byte*) {
    return api.open_interface().ok() ? Status::Success : Status::UndiCannotInitialise;
}

Status pxe_undi_close(PxeApi& api, std::byte*) {
    api.undi.link.close_tap();
    api.undi.transmitted = 0;
    return Status::Success;
}

Status pxe_undi_shutdown(PxeApi& api, std::byte* parameters) {
    pxe_undi_close(api, parameters);
    if (!api.undi.shared) api.parts.interface.close();
    return Status::Success;
}

Status pxe_undi_reset(PxeApi& api, std::byte* parameters) {
    api.undi.link.set_multicast(parameters_as<pxe::UndiReset>(parameters).multicast);
    api.undi.link.queue().clear();
    return Status::Success;
}

Status pxe_undi_open(PxeApi& api, std::byte* parameters) {
    const auto& call = parameters_as<pxe::UndiOpen>(parameters);
    api.undi.link.set_filter(call.filter);
    api.undi.link.set_multicast(call.multicast);
    api.undi.link.open_tap();
    return pxe_undi_start(api, parameters);
}

Status pxe_undi_transmit(PxeApi& api, std::byte* parameters) {
    const auto& call = parameters_as<pxe::UndiTransmit>(parameters);
    PxeLink& link = api.undi.link;
    if (!link.tapped()) return Status::UndiInvalidState;
    util::MutableBytes descriptor = api.map(call.descriptor, sizeof(pxe::TransmitDescriptor));
    if (descriptor.empty()) return Status::UndiInvalidParameter;
    Packet packet = api.parts.stack.packets().allocate();
    if (!packet) return Status::OutOfResources;
    if (!gather_all(api, packet, *util::view_as<pxe::TransmitDescriptor>(descriptor)) || !push_header(api, packet, call) ||
        packet.size() < sizeof(EthernetHeader))
        return Status::UndiInvalidParameter;
    auto sent = api.loop().run_until([&] { return link.driver().transmit(packet); }, api.loop().now() + kTransmitPatience);
    if (!sent.ok()) return Status::UndiTransmitError;
    ++api.undi.transmitted;
    ++link.statistics.sent;
    return Status::Success;
}

Status pxe_undi_set_multicast(PxeApi& api, std::byte* parameters) {
    api.undi.link.set_multicast(parameters_as<pxe::UndiSetMulticast>(parameters).multicast);
    return Status::Success;
}

// Drivers keep the NIC's own.
Status pxe_undi_set_station_address(PxeApi& api, std::byte* parameters) {
    const auto& call = parameters_as<pxe::UndiSetStationAddress>(parameters);
    return equal(call.address, api.parts.interface.mac()) ? Status::Success : Status::Unsupported;
}

Status pxe_undi_set_filter(PxeApi& api, std::byte* parameters) {
    api.undi.link.set_filter(parameters_as<pxe::UndiSetPacketFilter>(parameters).filter);
    return Status::Success;
}

Status pxe_undi_get_information(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UndiGetInformation>(parameters);
    Interface& interface = api.parts.interface;
    call = {};
    call.mtu = interface.link().mtu();
    call.hardware_type = kHardwareEthernet;
    call.address_length = sizeof(MacAddress);
    set_address(call.current, interface.mac());
    call.permanent = call.current;
    call.receive_buffers = call.transmit_buffers = PxeLink::kQueue;
    return Status::Success;
}

Status pxe_undi_get_statistics(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UndiGetStatistics>(parameters);
    const PxeLink::Statistics& counts = api.undi.link.statistics;
    call.sent = counts.sent;
    call.received = counts.received;
    call.bad_checksums = 0;  // drivers drop those
    call.out_of_resources = counts.lost;
    return Status::Success;
}

Status pxe_undi_clear_statistics(PxeApi& api, std::byte*) {
    api.undi.link.statistics = {};
    return Status::Success;
}

// RFC 1112 section 6.4.
Status pxe_undi_get_multicast_address(PxeApi&, std::byte* parameters) {
    auto& call = parameters_as<pxe::UndiGetMulticastAddress>(parameters);
    std::uint32_t group = call.group.value();
    call.address = {{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(group >> 16 & 0x7f),
                     static_cast<std::uint8_t>(group >> 8), static_cast<std::uint8_t>(group)}};
    return Status::Success;
}

Status pxe_undi_get_nic_type(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UndiGetNicType>(parameters);
    const LinkIdentity& identity = api.parts.interface.link().identity();
    call = {};
    call.type = identity.has_pci_address ? pxe::kNicPci : pxe::kNicPnp;
    call.vendor = identity.vendor;
    call.device = identity.device;
    call.busdevfn = identity.busdevfn;
    if (!identity.has_pci_address || !api.parts.read_pci) return Status::Success;
    auto read = [&](std::uint8_t offset) { return api.parts.read_pci(identity.busdevfn, offset); };
    // PCI 3.0 section 6.2.1 and 6.2.4.
    call.base_class = read(0x0b);
    call.sub_class = read(0x0a);
    call.programming_interface = read(0x09);
    call.revision = read(0x08);
    call.subsystem_vendor = static_cast<std::uint16_t>(read(0x2c) | read(0x2d) << 8);
    call.subsystem_device = static_cast<std::uint16_t>(read(0x2e) | read(0x2f) << 8);
    return Status::Success;
}

Status pxe_undi_get_iface_info(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UndiGetIfaceInfo>(parameters);
    constexpr std::string_view kType = "DIX+802.3";
    constexpr std::uint32_t kMost = 4294;  // in bit/s it must fit
    call = {};
    std::memcpy(call.type, kType.data(), kType.size());
    std::uint32_t megabits = api.parts.interface.link_state().megabits;
    call.speed = std::min(megabits ? megabits : 1000, kMost) * 1000000;
    call.services = pxe::kServiceBroadcast | pxe::kServiceMulticast | pxe::kServiceStatistics | pxe::kServiceReset |
                    pxe::kServiceOpenClose;
    return Status::Success;
}

Status pxe_undi_isr(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::UndiIsr>(parameters);
    PxeUndi& undi = api.undi;
    if (!undi.link.tapped()) return Status::UndiInvalidState;
    if (call.flag == pxe::kIsrProcess || call.flag == pxe::kIsrGetNext) {
        next_event(api, call);
        return Status::Success;
    }
    if (call.flag != pxe::kIsrStart) return Status::UndiInvalidParameter;
    if (!has_event(undi, undi.link)) api.loop().poll_once();
    call.flag = has_event(undi, undi.link) ? pxe::kIsrOurs : pxe::kIsrNotOurs;
    return Status::Success;
}

}  // namespace net
