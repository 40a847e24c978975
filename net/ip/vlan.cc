#include "net/ip/vlan.h"

#include <cstring>

#include "net/wire/ethernet.h"

namespace net {

namespace {

constexpr std::size_t kAddresses = 2 * sizeof(MacAddress);
constexpr std::size_t kTag = sizeof(VlanTag);

struct TaggedHeader {
    MacAddress destination, source;
    util::Be16 type;
    VlanTag tag;
};
static_assert(sizeof(TaggedHeader) == sizeof(EthernetHeader) + kTag && util::WireStruct<TaggedHeader>);

// nullptr: it has no tag.
const TaggedHeader* tagged(util::Bytes frame) {
    const auto* header = util::view_as<TaggedHeader>(frame);
    return header && header->type == ether_type::kVlan ? header : nullptr;
}

void take_tag_out(Packet& frame) {
    std::byte* front = frame.data().data();
    std::memmove(front + kTag, front, kAddresses);
    frame.pull(kTag);
}

// False: no room.
bool put_tag_in(Packet& frame, std::uint16_t control) {
    std::byte* front = frame.push(kTag).data();
    if (!front) return false;
    std::memmove(front, front + kTag, kAddresses);
    auto* header = util::view_as<TaggedHeader>(frame.data());
    header->type = ether_type::kVlan;
    header->tag.control = control;
    return true;
}

}  // namespace

VlanLink::VlanLink(VlanTrunk& trunk, Interface& interface, std::uint16_t id, std::uint8_t priority)
    : trunk_(trunk), interface_(interface), id_(id) {
    set_priority(priority);
    interface.join_vlan(*this, trunk.interface_.name(), id);
}

VlanLink::~VlanLink() {
    interface_.close();
    interface_.deconfigure();
    interface_.replace_link(trunk_.driver_);
}

util::Result<void> VlanLink::open() {
    if (open_) return {};
    TRY(trunk_.hold());
    open_ = true;
    return {};
}

void VlanLink::close() {
    if (!open_) return;
    open_ = false;
    queue_.clear();
    trunk_.let_go();
}

bool VlanLink::transmit(Packet& packet) {
    if (!put_tag_in(packet, control_)) {
        packet.drop();
        return true;
    }
    if (trunk_.driver_.transmit(packet)) return true;
    take_tag_out(packet);
    return false;
}

Packet VlanLink::receive() { return open_ ? trunk_.receive_into(queue_) : Packet(); }
LinkState VlanLink::state() { return trunk_.driver_.state(); }
MacAddress VlanLink::address() const { return trunk_.driver_.address(); }
const LinkIdentity& VlanLink::identity() const { return trunk_.driver_.identity(); }
std::uint16_t VlanLink::mtu() const { return trunk_.driver_.mtu(); }
std::size_t VlanLink::receive_capacity() const { return trunk_.driver_.receive_capacity(); }
bool VlanLink::choose_driver(std::string_view name) { return trunk_.driver_.choose_driver(name); }

VlanLink* VlanTrunk::find(std::uint16_t id) {
    for (auto& vlan : vlans_)
        if (vlan->id_ == id) return vlan.get();
    return nullptr;
}

util::Result<void> VlanTrunk::add(Interface& interface, std::uint16_t id, std::uint8_t priority) {
    ASSERT(id <= kLargestId && priority <= kLargestPriority && !find(id));
    TRY(vlans_.reserve(vlans_.size() + 1));
    return vlans_.push(TRY(util::make_owned<VlanLink>(*this, interface, id, priority)));
}

void VlanTrunk::remove(std::uint16_t id) {
    for (std::size_t i = 0; i < vlans_.size(); ++i)
        if (vlans_[i]->id_ == id) return vlans_.erase(i);
}

util::Result<void> VlanTrunk::hold() {
    if (!users_) TRY(driver_.open());
    ++users_;
    return {};
}

void VlanTrunk::let_go() {
    if (--users_ == 0) driver_.close();
}

util::Result<void> VlanTrunk::open() {
    if (open_) return {};
    TRY(hold());
    open_ = true;
    return {};
}

void VlanTrunk::close() {
    if (!open_) return;
    open_ = false;
    queue_.clear();
    let_go();
}

Packet VlanTrunk::receive_into(PacketQueue& wanted) {
    while (wanted.empty()) {
        Packet frame = driver_.receive();
        if (!frame) break;
        sort(std::move(frame));
    }
    return wanted.pop_front();
}

void VlanTrunk::sort(Packet&& frame) {
    PacketQueue* queue = open_ ? &queue_ : nullptr;
    if (const TaggedHeader* header = tagged(frame.data())) {
        if (VlanLink* vlan = find(header->tag.control & VlanTag::kIdMask)) {
            queue = vlan->open_ ? &vlan->queue_ : nullptr;
            take_tag_out(frame);
        }
    }
    if (queue && queue->count() < kQueue) queue->push_back(std::move(frame));
}

}  // namespace net
