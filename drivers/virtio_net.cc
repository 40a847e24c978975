#include "drivers/virtio_net.h"

#include "drivers/frame.h"
#include "drivers/wait.h"

namespace drivers {

namespace {

// Section 5.1.3.
constexpr std::uint64_t kCsum = 1ull << 0;
constexpr std::uint64_t kGuestCsum = 1ull << 1;
constexpr std::uint64_t kMtu = 1ull << 3;
constexpr std::uint64_t kMac = 1ull << 5;
constexpr std::uint64_t kStatus = 1ull << 16;
constexpr std::uint64_t kControl = 1ull << 17 | 1ull << 23;  // a control queue, which sets the MAC address
constexpr std::uint64_t kWanted = kCsum | kGuestCsum | kMtu | kMac | kStatus | virtio::kAnyLayout |
                                  virtio::kVersion1 | virtio::kAccessPlatform;

// struct virtio_net_config, section 5.1.4.
constexpr std::uint32_t kConfigMac = 0;
constexpr std::uint32_t kConfigStatus = 6;
constexpr std::uint32_t kConfigMtu = 10;
constexpr std::uint16_t kLinkUp = 1;

constexpr std::uint16_t kReceiveQueue = 0;
constexpr std::uint16_t kTransmitQueue = 1;
constexpr std::uint16_t kControlQueue = 2;
constexpr std::uint16_t kSmallestMtu = 576;  // what every IPv4 host takes, RFC 791

// struct virtio_net_hdr, section 5.1.6. Little endian; num_buffers is there for modern devices only.
struct Header {
    std::uint8_t flags;
    std::uint8_t gso_type;
    util::Le16 header_size;
    util::Le16 gso_size;
    util::Le16 checksum_start;
    util::Le16 checksum_offset;
    util::Le16 buffers;
};
static_assert(sizeof(Header) == 12 && alignof(Header) == 1);
// The command VIRTIO_NET_CTRL_MAC_ADDR_SET, sections 5.1.6.5 and 5.1.6.5.2.
struct SetAddress {
    std::uint8_t command_class = 1, command = 1;
    net::MacAddress address;
    std::uint8_t ack = 1;  // the device's: 0 is VIRTIO_NET_OK
};
static_assert(sizeof(SetAddress) == 9);
constexpr util::Duration kControlTime = util::Duration::milliseconds(100);

constexpr std::uint8_t kNeedsChecksum = 1;
constexpr std::uint8_t kDataValid = 2;

}  // namespace

VirtioNet::VirtioNet(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : device_(address), identity_(device_.pci().identity(chip.driver, chip.name)), budget_(pool) {}

util::Result<util::Owned<net::Link>> VirtioNet::probe(const Chip& chip, platform::PciAddress address,
                                                      net::PacketPool& pool) {
    auto link = TRY(util::make_owned<VirtioNet>(chip, address, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

util::Result<void> VirtioNet::identify() {
    TRY(device_.find_registers());
    device_.pci().enable(PciFunction::Access::Registers);
    auto result = read_identity();
    device_.reset();
    device_.pci().disable();
    return result;
}

util::Result<void> VirtioNet::read_identity() {
    TRY(device_.start());
    features_ = device_.offered_features() & kWanted;
    if (device_.is_modern() != has(virtio::kVersion1)) return kNotAsSpecified;
    if (!has(kMac)) return kNoMacAddress;
    for (unsigned i = 0; i < 6; ++i) mac_.octets[i] = device_.device_config().read8(kConfigMac + i);
    if (!is_unicast(mac_)) return kNoMacAddress;
    if (has(kMtu)) mtu_ = std::clamp(device_.device_config().read16(kConfigMtu), kSmallestMtu, mtu_);
    return {};
}

std::size_t VirtioNet::header_size() const {
    return has(virtio::kVersion1) ? sizeof(Header) : sizeof(Header) - 2;
}

bool VirtioNet::checksum_offload() const {
    return has(kCsum);
}

util::Result<void> VirtioNet::open() {
    if (open_) return {};
    device_.pci().enable(PciFunction::Access::RegistersAndDma);
    open_ = true;
    auto up = bring_up();
    if (!up.ok()) close();
    return up;
}

// The order is section 3.1.1's.
util::Result<void> VirtioNet::bring_up() {
    TRY(device_.start());
    if (features_ & ~device_.offered_features()) return kNotAsSpecified;
    bool control = net::addresses_change() && has_control_queue();
    TRY(device_.accept_features(features_ | (control ? kControl : 0)));
    // Devices older than VIRTIO 1.0 want the header in a descriptor of its own.
    bool one_piece = has(virtio::kVersion1) || has(virtio::kAnyLayout);
    TRY(device_.open_queue(kReceiveQueue, receive_queue_, one_piece ? 1 : 2));
    TRY(device_.open_queue(kTransmitQueue, transmit_queue_, 2));
    if (control) {
        control_queue_ = TRY(util::make_owned<Virtqueue>());
        TRY(device_.open_queue(kControlQueue, *control_queue_, 3));
    }
    headers_ = TRY(DmaMemory::allocate(transmit_queue_.slots() * sizeof(Header), alignof(std::uint64_t)));
    budget_.open(receive_queue_.slots());
    bool filled = refill();
    device_.run();
    if (budget_.target() == 0) return util::kOutOfMemory;
    if (net::addresses_change() && mac_is_set_) TRY(tell_address());
    if (filled) device_.notify(kReceiveQueue);
    sampler_.restart();
    return {};
}

bool VirtioNet::has_control_queue() const {
    return mac_is_set_ && device_.is_modern() && (device_.offered_features() & kControl) == kControl;
}

// The address that the device lets frames through for: by the control queue, or as field of the legacy interface (section
// 5.1.4.2). A modern device that can be told in neither way does not look at addresses.
util::Result<void> VirtioNet::tell_address() {
    if (control_queue_) return send_address();
    if (!device_.is_modern())
        for (unsigned i = 0; i < 6; ++i) device_.device_config().write8(kConfigMac + i, mac_.octets[i]);
    return {};
}

util::Result<void> VirtioNet::send_address() {
    net::Packet packet = budget_.pool().allocate();
    if (!packet) return util::kOutOfMemory;
    auto* command = reinterpret_cast<SetAddress*>(packet.append(sizeof(SetAddress)).data());
    *command = {.address = mac_};
    using enum Virtqueue::Piece::Access;
    const Virtqueue::Piece pieces[] = {{platform::bus_address(command), 2, DeviceReads},
                                       {platform::bus_address(&command->address), sizeof command->address, DeviceReads},
                                       {platform::bus_address(&command->ack), 1, DeviceWrites}};
    control_queue_->put(std::move(packet), pieces);
    if (control_queue_->publish()) device_.notify(kControlQueue);
    net::Packet done;
    (void)wait_until([&] { return static_cast<bool>(done = control_queue_->take().packet); }, kControlTime);
    return done && command->ack == 0 ? util::Result<void>{} : kNotAsSpecified;
}

void VirtioNet::close() {
    if (!open_) return;
    open_ = false;
    device_.reset();
    device_.pci().disable();
    receive_queue_.close();
    transmit_queue_.close();
    if (control_queue_) control_queue_->close();
    control_queue_.reset();
    headers_.release();
    state_ = {};
}

// True when the device should be told.
bool VirtioNet::refill() {
    std::size_t wanted = budget_.wanted(receive_queue_.in_flight());
    if (wanted == 0) return false;
    for (; wanted && !receive_queue_.full(); --wanted) {
        net::Packet packet = budget_.pool().allocate(0);
        if (!packet) break;
        using enum Virtqueue::Piece::Access;
        std::uint64_t address = platform::bus_address(packet.buffer().bytes());
        auto header = static_cast<std::uint32_t>(header_size());
        auto whole = static_cast<std::uint32_t>(net::PacketBuffer::kCapacity);
        const Virtqueue::Piece one[] = {{address, whole, DeviceWrites}};
        const Virtqueue::Piece two[] = {{address, header, DeviceWrites},
                                        {address + header, whole - header, DeviceWrites}};
        if (has(virtio::kVersion1) || has(virtio::kAnyLayout))
            receive_queue_.put(std::move(packet), one);
        else
            receive_queue_.put(std::move(packet), two);
    }
    return receive_queue_.publish();
}

// A null packet when it is no frame.
net::Packet VirtioNet::accept(Virtqueue::Used used) const {
    std::size_t header_bytes = header_size();
    if (used.written < header_bytes || !is_frame_size(used.written - header_bytes)) return net::Packet();
    net::Packet packet = std::move(used.packet);
    packet.append(used.written);
    auto flags = std::to_integer<std::uint8_t>(packet.data()[0]);
    packet.pull(header_bytes);
    // What needs a checksum has come from this very host and cannot have been damaged (section 5.1.6.4.1).
    if (has(kGuestCsum) && (flags & (kNeedsChecksum | kDataValid)))
        packet.buffer().checksum = net::Checksum::Verified;
    return packet;
}

net::Packet VirtioNet::receive() {
    if (!open_) return net::Packet();
    reclaim();
    net::Packet packet;
    for (;;) {
        Virtqueue::Used used = receive_queue_.take();
        if (!used.packet) break;
        packet = accept(std::move(used));
        if (packet) break;
    }
    if (refill()) device_.notify(kReceiveQueue);
    return packet;
}

void VirtioNet::reclaim() {
    while (transmit_queue_.in_flight())
        if (!transmit_queue_.take().packet) return;
}

bool VirtioNet::transmit(net::Packet& packet) {
    if (!open_ || !is_frame_size(packet.size())) {
        packet.drop();
        return true;
    }
    reclaim();
    if (transmit_queue_.full()) return false;
    pad_frame(packet);
    auto* header = reinterpret_cast<Header*>(headers_.data()) + transmit_queue_.next_slot();
    *header = {};
    if (packet.buffer().checksum == net::Checksum::Offload) {
        header->flags = kNeedsChecksum;
        header->checksum_start = packet.buffer().checksum_start;
        header->checksum_offset = packet.buffer().checksum_offset;
    }
    using enum Virtqueue::Piece::Access;
    const Virtqueue::Piece pieces[] = {
        {platform::bus_address(header), static_cast<std::uint32_t>(header_size()), DeviceReads},
        {platform::bus_address(packet.data().data()), static_cast<std::uint32_t>(packet.size()),
         DeviceReads}};
    transmit_queue_.put(std::move(packet), pieces);
    if (transmit_queue_.publish()) device_.notify(kTransmitQueue);
    return true;
}

net::LinkState VirtioNet::state() {
    if (!open_ || !sampler_.due()) return state_;
    bool up = !has(kStatus) || (device_.device_config().read16(kConfigStatus) & kLinkUp);
    state_ = {.up = up, .duplex = up ? net::Duplex::Full : net::Duplex::Unknown};
    return state_;
}

}  // namespace drivers
