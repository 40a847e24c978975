#include "drivers/e1000_rings.h"

#include "drivers/frame.h"

namespace drivers::e1000 {

namespace {

// Base addresses are multiples of 16, lengths of 128; a page keeps the ring within 64 KiB as well.
constexpr std::size_t kRingAlignment = 4096;
constexpr std::size_t kFrameCheckSize = 4;
constexpr std::size_t kBufferSize = net::PacketBuffer::kCapacity;
static_assert(kBufferSize == 2048, "as RCTL.BSIZE says");

bool crosses_64k(const net::Packet& packet) {
    std::uint64_t begin = platform::bus_address(packet.buffer().bytes());
    return (begin ^ (begin + kBufferSize - 1)) >> 16 != 0;
}

net::Checksum checksum_of(std::uint8_t status, std::uint8_t errors) {
    constexpr std::uint8_t kSeen = receive_status::kTcpcs | receive_status::kIpcs;
    bool seen = !(status & receive_status::kIxsm) && (status & kSeen) == kSeen;
    return seen && errors == 0 ? net::Checksum::Verified : net::Checksum::Unknown;
}

}  // namespace

util::Result<void> ReceiveRing::open() {
    memory_ = TRY(DmaMemory::allocate(kSlots * sizeof(ReceiveDescriptor), kRingAlignment));
    budget_.open(kSlots - 1);
    head_ = tail_ = posted_ = 0;
    in_fragment_ = false;
    if (!refill()) return util::kOutOfMemory;
    return {};
}

void ReceiveRing::close() {
    for (net::Packet& packet : packets_) packet.drop();
    memory_.release();
    posted_ = 0;
}

net::Packet ReceiveRing::allocate_buffer(net::PacketQueue& unfit) {
    for (;;) {
        net::Packet packet = budget_.pool().allocate(0);
        if (!packet || boundaries_ == Boundaries::Free || !crosses_64k(packet)) return packet;
        unfit.push_back(std::move(packet));
    }
}

bool ReceiveRing::refill() {
    std::size_t wanted = budget_.wanted(posted_);
    if (wanted == 0) return false;
    net::PacketQueue unfit;
    std::uint16_t before = tail_;
    for (; wanted; --wanted) {
        net::Packet packet = allocate_buffer(unfit);
        if (!packet) break;
        // In both formats: an advanced one has no header buffer, and its address was written over.
        volatile ReceiveDescriptor& descriptor = descriptors()[tail_];
        const_cast<ReceiveDescriptor&>(descriptor) = {.address = platform::bus_address(packet.buffer().bytes())};
        packets_[tail_] = std::move(packet);
        tail_ = static_cast<std::uint16_t>((tail_ + 1) % kSlots);
        ++posted_;
    }
    platform::dma_barrier();
    return tail_ != before;
}

std::uint8_t ReceiveRing::head_status() const {
    return is_advanced() ? advanced_descriptors()[head_].status : descriptors()[head_].status;
}

ReceiveRing::Finding ReceiveRing::head_finding() const {
    if (is_advanced()) {
        volatile AdvancedReceiveDescriptor& advanced = advanced_descriptors()[head_];
        return {.status = advanced.status, .errors = advanced.errors, .length = advanced.length};
    }
    volatile ReceiveDescriptor& legacy = descriptors()[head_];
    return {.status = legacy.status, .errors = legacy.errors, .length = legacy.length};
}

net::Packet ReceiveRing::next() {
    while (posted_) {
        if (!(head_status() & receive_status::kDd)) break;
        platform::dma_barrier();
        net::Packet packet = accept(std::move(packets_[head_]), head_finding());
        head_ = static_cast<std::uint16_t>((head_ + 1) % kSlots);
        --posted_;
        if (packet) return packet;
    }
    return net::Packet();
}

net::Packet ReceiveRing::accept(net::Packet&& packet, Finding finding) {
    std::size_t length = finding.length;
    bool whole = (finding.status & receive_status::kEop) && !in_fragment_;
    in_fragment_ = !(finding.status & receive_status::kEop);
    if (!whole || (finding.errors & receive_error::kFrame)) return net::Packet();
    std::size_t extra = frame_check_ == FrameCheck::Kept ? kFrameCheckSize : 0;
    if (length < extra || !is_frame_size(length - extra)) return net::Packet();
    packet.append(length - extra);
    packet.buffer().checksum = checksum_of(finding.status, finding.errors);
    return packet;
}

util::Result<void> TransmitRing::open(BufferEnds ends) {
    memory_ = TRY(DmaMemory::allocate(kSlots * sizeof(TransmitDescriptor), kRingAlignment));
    ends_ = ends;
    head_ = tail_ = used_ = 0;
    cut_last_ = false;
    return {};
}

void TransmitRing::close() {
    for (net::Packet& packet : packets_) packet.drop();
    memory_.release();
    used_ = 0;
}

void TransmitRing::append(const TransmitDescriptor& descriptor) {
    // The device does not look before the tail has moved.
    const_cast<TransmitDescriptor&>(descriptors()[tail_]) = descriptor;
    tail_ = static_cast<std::uint16_t>((tail_ + 1) % kSlots);
    ++used_;
}

void TransmitRing::append(util::Bytes piece, std::uint8_t command) {
    append({.address = platform::bus_address(piece.data()),
            .length = static_cast<std::uint16_t>(piece.size()),
            .command = static_cast<std::uint8_t>(command | transmit_command::kIfcs | transmit_command::kRs)});
}

// Where the headers are (SDM 3.5.7): IPv4 without options behind Ethernet, TCP from where its checksum starts.
void TransmitRing::append_context(const net::Packet& packet) {
    constexpr std::uint64_t kIpAt = 14, kIpChecksumAt = kIpAt + 10;
    const net::PacketBuffer& buffer = packet.buffer();
    std::uint64_t tcp_at = buffer.checksum_start;
    constexpr std::size_t kDataOffsetAt = 12;
    auto data_offset = std::to_integer<unsigned>(packet.data()[buffer.checksum_start + kDataOffsetAt]);
    auto headers = static_cast<std::uint8_t>(tcp_at + (data_offset >> 4) * 4);
    std::size_t payload = packet.whole_size() - headers;
    static_assert(kMostToCut < 0x10000, "as PAYLEN is split in this descriptor");
    append({.address = kIpAt | kIpChecksumAt << 8 | (tcp_at - 1) << 16 | tcp_at << 32 |
                       (tcp_at + buffer.checksum_offset) << 40,
            .length = static_cast<std::uint16_t>(payload),
            .command = transmit_command::kDext | transmit_command::kTse | transmit_command::kContextIpv4 |
                       transmit_command::kContextTcp | transmit_command::kRs,
            .css = headers,
            .special = buffer.segment_size});
}

void TransmitRing::put_to_be_cut(net::Packet packet) {
    append_context(packet);
    std::uint8_t options = kInsertChecksums;
    while (packet) {
        util::Bytes data = packet.data();
        net::Packet more(std::exchange(packet.buffer().more, nullptr));
        unsigned command = transmit_command::kDext | transmit_command::kTse | transmit_command::kIfcs |
                           transmit_command::kRs | (more ? 0u : transmit_command::kEop);
        packets_[tail_] = std::move(packet);
        append({.address = platform::bus_address(data.data()),
                .length = static_cast<std::uint16_t>(data.size()),
                .cso = kDataDescriptor,
                .command = static_cast<std::uint8_t>(command),
                .css = std::exchange(options, 0)});
        packet = std::move(more);
    }
}

bool TransmitRing::put(net::Packet& packet) {
    bool cut = packet.buffer().segment_size;
    unsigned pieces = 2;  // the first, and the context or the last 4 bytes
    for (const net::PacketBuffer* more = packet.buffer().more; more; more = more->more) ++pieces;
    if (free() < pieces) return false;
    bool after_cut = std::exchange(cut_last_, cut);
    if (cut) {
        put_to_be_cut(std::move(packet));
        platform::dma_barrier();
        return true;
    }
    pad_frame(packet);
    util::Bytes rest = packet.data();
    std::uint64_t last_byte = platform::bus_address(rest.data()) + rest.size() - 1;
    if (after_cut || (ends_ == BufferEnds::UpperDword && !(last_byte & 4))) {
        append(rest.first(rest.size() - 4), 0);
        rest = rest.last(4);
    }
    std::uint16_t last_slot = tail_;
    append(rest, transmit_command::kEop);
    packets_[last_slot] = std::move(packet);
    platform::dma_barrier();
    return true;
}

void TransmitRing::put_ring_itself() {
    constexpr std::uint16_t kSize = 512;
    if (free()) append({.address = memory_.bus_address(), .length = kSize, .command = transmit_command::kIfcs});
    platform::dma_barrier();
}

void TransmitRing::reclaim() {
    while (used_ && (descriptors()[head_].status & kTransmitDone)) {
        packets_[head_].drop();
        head_ = static_cast<std::uint16_t>((head_ + 1) % kSlots);
        --used_;
    }
}

}  // namespace drivers::e1000
