#include "tests/unit/drivers/fake_virtio_net.h"

#include <bit>
#include <cstring>

using host::violation;

namespace {

constexpr unsigned kModernBar = 4;
constexpr std::uint32_t kCommon = 0x0000, kIsr = 0x0400, kDevice = 0x0800, kNotify = 0x0c00,
                        kModernBytes = 0x1000;
constexpr std::uint32_t kMultiplier = 4;

std::vector<std::uint8_t> capability(std::uint8_t type, std::uint8_t bar, std::uint32_t offset,
                                     std::uint32_t length, bool with_word) {
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(with_word ? 20 : 16), type, bar, 0, 0, 0};
    for (std::uint32_t value : {offset, length})
        for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    if (with_word)
        for (unsigned i = 0; i < 4; ++i) bytes.push_back(type == 2 && i == 0 ? kMultiplier : 0);
    return bytes;
}

}  // namespace

FakeVirtioNet::FakeVirtioNet(const Model& model)
    : FakePciDevice(0x1af4, model.legacy ? 0x1000 : 0x1041), model_(model), offered_(model.features) {
    if (model.legacy) add_io_window(0, 0xc000, 0x20);
    add_capability(0x11, {0x01, 0x00, 0, 0, 0, 0, 0, 0, 0, 0});  // MSI-X, which stays disabled
    if (model.modern != Modern::None) {
        offered_ |= kVersion1;
        if (model.modern == Modern::Memory)
            add_memory_window(kModernBar, model.window, kModernBytes, Width::Bits64);
        else
            add_io_window(kModernBar, static_cast<std::uint16_t>(model.window), kModernBytes);
        add_capability(0x09, capability(1, kModernBar, kCommon, 56, false));
        add_capability(0x09, capability(3, kModernBar, kIsr, 1, false));
        add_capability(0x09, capability(4, kModernBar, kDevice, 64, false));
        add_capability(0x09, capability(2, kModernBar, kNotify, 0x400, true));
        access_ = add_capability(0x09, capability(5, 0, 0, 0, true));
        for (unsigned i : {4u, 8u, 9u, 10u, 11u, 12u, 13u, 14u, 15u})
            allow_config_write(static_cast<std::uint8_t>(access_ + i), 0xff);
    }
    reset();
    resets = 0;
}

void FakeVirtioNet::reset() {
    status_ = 0;
    driver_features_ = 0;
    station = kAddress;
    device_select_ = driver_select_ = 0;
    queue_select_ = 0;
    queues_ = {};
    for (Queue& queue : queues_) queue.size = model_.queue_size;
    to_send_.clear();
    ++resets;
}

void FakeVirtioNet::write_status(std::uint8_t value) {
    if (value == 0) return reset();
    if (value & ~(1u | 2 | 4 | 8 | 128)) violation("unknown status bits");
    if (status_ & ~value) violation("status bit cleared without a reset");
    std::uint8_t added = value & ~status_;
    bool modern = value & 8;
    if ((added & 2) && !(value & 1)) violation("DRIVER before ACKNOWLEDGE");
    if ((added & 8) && !(status_ & 2)) violation("FEATURES_OK before DRIVER");
    if ((added & 8) && model_.modern != Modern::None && !(driver_features_ & kVersion1))
        violation("modern interface without VERSION_1");
    if ((added & 4) && !(status_ & 2)) violation("DRIVER_OK before DRIVER");
    if ((added & 4) && (driver_features_ & kVersion1) && !(status_ & 8))
        violation("DRIVER_OK before FEATURES_OK");
    if ((added & 4) && !(queues_[0].enabled && queues_[1].enabled))
        violation("DRIVER_OK before the queues are there");
    if ((added & 4) && !is_master()) violation("DRIVER_OK without bus mastering");
    status_ = value;
    if (modern && refuses_features) status_ &= ~8;
    if (added & 4)
        for (Queue& queue : queues_)
            if (queue.enabled) look(queue);
}

void FakeVirtioNet::write_features(std::uint64_t features) {
    if (!(status_ & 2) || (status_ & (4 | 8))) violation("features written at the wrong time");
    if (features & ~offered_) violation("features accepted that were not offered");
    std::uint64_t unwanted = features & kControlMac ? kUnwanted & ~kControl : kUnwanted;
    if (features & unwanted) violation("features accepted that the driver does not handle");
    driver_features_ = features;
}

void FakeVirtioNet::check_config_access() const {
    if (!(status_ & 2)) violation("device configuration read before DRIVER");
}

std::uint8_t FakeVirtioNet::config_byte(std::uint32_t at) const {
    if (at < 6) return kAddress[at];
    if (at == 6) return link_up_;
    if (at == 10) return static_cast<std::uint8_t>(model_.mtu);
    if (at == 11) return static_cast<std::uint8_t>(model_.mtu >> 8);
    return 0;
}

std::uint32_t FakeVirtioNet::read_device_config(std::uint32_t at, unsigned size) const {
    check_config_access();
    if (at >= 6 && at < 8 && !(offered_ & kStatus)) violation("status field read, which is not offered");
    if (at >= 10 && !(offered_ & kMtu)) violation("MTU field read, which is not offered");
    if (at + size > 12) violation("device configuration read beyond its fields");
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::uint32_t{config_byte(at + i)} << (8 * i);
    return value;
}

std::uint32_t FakeVirtioNet::read_window(unsigned bar, std::uint32_t at, unsigned size) {
    if (model_.through_configuration) violation("register access that cannot be");
    if (dead) return 0xffffffff;
    return bar == kModernBar ? read_modern(at, size) : read_legacy(at, size);
}

void FakeVirtioNet::write_window(unsigned bar, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (model_.through_configuration) violation("register access that cannot be");
    if (dead) return;
    if (bar == kModernBar) return write_modern(at, size, value);
    write_legacy(at, size, value);
}

std::uint32_t FakeVirtioNet::read_config(std::uint8_t at, unsigned size) {
    if (!access_ || at != access_ + 16) return FakePciDevice::read_config(at, size);
    if (FakePciDevice::read_config(access_ + 4, 1) != kModernBar)
        violation("configuration access to another BAR");
    if (FakePciDevice::read_config(access_ + 12, 4) != size)
        violation("configuration access of another length");
    if (dead) return 0xffffffff;
    return read_modern(FakePciDevice::read_config(access_ + 8, 4), size);
}

void FakeVirtioNet::write_config(std::uint8_t at, unsigned size, std::uint32_t value) {
    if (!access_ || at != access_ + 16) return FakePciDevice::write_config(at, size, value);
    if (FakePciDevice::read_config(access_ + 4, 1) != kModernBar)
        violation("configuration access to another BAR");
    if (FakePciDevice::read_config(access_ + 12, 4) != size)
        violation("configuration access of another length");
    if (!dead) write_modern(FakePciDevice::read_config(access_ + 8, 4), size, value);
}

std::uint32_t FakeVirtioNet::read_legacy(std::uint32_t at, unsigned size) {
    if (at >= 20) return read_device_config(at - 20, size);
    if (at == 0 && size == 4) return static_cast<std::uint32_t>(offered_);
    if (at == 8 && size == 4) return static_cast<std::uint32_t>(queues_[queue_select_].descriptors >> 12);
    if (at == 12 && size == 2) return queue_select_ < queue_count() ? model_.queue_size : 0;
    if (at == 18 && size == 1) return status_;
    violation("legacy read of " + std::to_string(size) + " bytes at " + std::to_string(at));
    return 0;
}

void FakeVirtioNet::write_legacy(std::uint32_t at, unsigned size, std::uint32_t value) {
    if (at == 4 && size == 4) return write_features(value);
    if (at == 8 && size == 4) return set_up_legacy_queue(value);
    if (at == 14 && size == 2) {
        queue_select_ = static_cast<std::uint16_t>(value);
        return;
    }
    if (at == 16 && size == 2) return notify(value);
    if (at == 18 && size == 1) return write_status(static_cast<std::uint8_t>(value));
    if (at >= 20 && at < 26 && size == 1) {
        check_config_access();
        if (driver_features_ & (kControlMac | kVersion1)) violation("address written that has to be sent");
        station[at - 20] = static_cast<std::uint8_t>(value);
        return;
    }
    violation("legacy write of " + std::to_string(size) + " bytes at " + std::to_string(at));
}

// Legacy layout, section 2.7.2.
void FakeVirtioNet::set_up_legacy_queue(std::uint32_t page) {
    if (!(status_ & 2) || (status_ & 4)) violation("queue set up at the wrong time");
    if (queue_select_ > 1) return violation("queue that is not there");
    Queue& queue = queues_[queue_select_];
    queue.descriptors = std::uint64_t{page} << 12;
    queue.driver = queue.descriptors + 16 * queue.size;
    queue.device = (queue.driver + 6 + 2 * queue.size + 4095) & ~4095ull;
    queue.enabled = page != 0;
}

std::uint32_t FakeVirtioNet::read_modern(std::uint32_t at, unsigned size) {
    if (at % size) violation("modern read that is not aligned");
    if (at < kIsr) return read_common(at - kCommon, size);
    if (at >= kDevice && at < kNotify) return read_device_config(at - kDevice, size);
    violation("modern read at " + std::to_string(at));
    return 0;
}

void FakeVirtioNet::write_modern(std::uint32_t at, unsigned size, std::uint32_t value) {
    if (at % size) violation("modern write that is not aligned");
    if (at < kIsr) return write_common(at - kCommon, size, value);
    if (at < kNotify || size != 2) return violation("modern write at " + std::to_string(at));
    if (at - kNotify != value * kMultiplier) violation("notified at another queue's address");
    notify(value);
}

std::uint32_t FakeVirtioNet::read_common(std::uint32_t at, unsigned size) {
    if (at == 4 && size == 4) return static_cast<std::uint32_t>(offered_ >> (device_select_ * 32));
    if (at == 20 && size == 1) return status_;
    if (queue_select_ < queue_count() && at == 24 && size == 2) return queues_[queue_select_].size;
    if (queue_select_ < queue_count() && at == 28 && size == 2) return queues_[queue_select_].enabled;
    if (at == 30 && size == 2) return queue_select_;
    violation("common configuration: read of " + std::to_string(size) + " bytes at " + std::to_string(at));
    return 0;
}

void FakeVirtioNet::write_common(std::uint32_t at, unsigned size, std::uint32_t value) {
    auto half = [&](std::uint64_t& field, bool high) {
        if (!(status_ & 8) || (status_ & 4)) violation("queue set up at the wrong time");
        field = high ? (field & 0xffffffffu) | std::uint64_t{value} << 32 : (field & ~0xffffffffull) | value;
    };
    Queue& queue = queues_[queue_select_];
    if (at == 0 && size == 4) {
        device_select_ = value;
    } else if (at == 8 && size == 4) {
        driver_select_ = value;
    } else if (at == 12 && size == 4) {
        std::uint64_t features = driver_select_
                                     ? (driver_features_ & 0xffffffffu) | std::uint64_t{value} << 32
                                     : (driver_features_ & ~0xffffffffull) | value;
        write_features(features);
    } else if (at == 20 && size == 1) {
        write_status(static_cast<std::uint8_t>(value));
    } else if (at == 22 && size == 2 && value < queue_count()) {
        queue_select_ = static_cast<std::uint16_t>(value);
    } else if (at == 24 && size == 2) {
        if (!std::has_single_bit(value) || value > model_.queue_size)
            violation("queue size that is not allowed");
        if (!(status_ & 8) || queue.enabled) violation("queue size written at the wrong time");
        queue.size = static_cast<std::uint16_t>(value);
    } else if (at == 28 && size == 2) {
        if (value != 1) violation("a queue is never disabled");
        enable_modern_queue();
    } else if (at >= 32 && at < 56 && size == 4) {
        half(at < 40 ? queue.descriptors : at < 48 ? queue.driver : queue.device, at & 4);
    } else {
        violation("common configuration: write of " + std::to_string(size) + " bytes at " +
                  std::to_string(at));
    }
}

void FakeVirtioNet::enable_modern_queue() {
    Queue& queue = queues_[queue_select_];
    if (!(status_ & 8) || (status_ & 4)) violation("queue enabled at the wrong time");
    if (queue.descriptors % 16 || queue.driver % 2 || queue.device % 4) violation("queue not aligned");
    if (!queue.descriptors || !queue.driver || !queue.device) violation("queue enabled without addresses");
    queue.enabled = true;
}

std::uint16_t FakeVirtioNet::load16(std::uint64_t address) const {
    auto bytes = dma(address, 2);
    std::uint16_t value = 0;
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), 2);
    return value;
}

void FakeVirtioNet::store16(std::uint64_t address, std::uint16_t value) const {
    auto bytes = dma(address, 2);
    if (!bytes.empty()) std::memcpy(bytes.data(), &value, 2);
}

void FakeVirtioNet::notify(std::uint32_t index) {
    ++notifications;
    if (!(status_ & 4)) return violation("notified before DRIVER_OK");
    if (index >= queue_count()) return violation("notified of a queue that is not there");
    if (index < 2 && polling_) violation("notified although the device does not want it");
    look(queues_[index]);
    if (index == 2) obey();
    if (index == 1 && sends_at_once) finish_sending();
}

void FakeVirtioNet::look(Queue& queue) {
    if (load16(queue.driver) != 1) violation("interrupts are wanted, which nobody handles");
    std::uint16_t index = load16(queue.driver + 2);
    if (static_cast<std::uint16_t>(index - queue.seen) > queue.size)
        violation("more made available than there are");
    queue.told = index;
}

void FakeVirtioNet::set_polling(bool polling) {
    polling_ = polling;
    for (const Queue& queue : queues_)
        if (queue.enabled) store16(queue.device, polling);
}

std::vector<FakeVirtioNet::Piece> FakeVirtioNet::chain(const Queue& queue, std::uint16_t head) const {
    std::vector<Piece> pieces;
    for (std::uint16_t at = head;;) {
        if (at >= queue.size || pieces.size() > queue.size) {
            violation("descriptor chain leaves the table");
            return {};
        }
        auto descriptor = dma(queue.descriptors + 16 * at, 16);
        if (descriptor.empty()) return {};
        std::uint64_t address;
        std::uint32_t size;
        std::uint16_t flags, next;
        std::memcpy(&address, &descriptor[0], 8);
        std::memcpy(&size, &descriptor[8], 4);
        std::memcpy(&flags, &descriptor[12], 2);
        std::memcpy(&next, &descriptor[14], 2);
        if (flags & ~3u) violation("descriptor flags that were not negotiated");
        auto bytes = dma(address, size);
        if (bytes.empty()) return {};
        pieces.push_back({bytes, (flags & 2) != 0});
        if (!(flags & 1)) return pieces;
        at = next;
    }
}

void FakeVirtioNet::use(Queue& queue, std::uint32_t id, std::uint32_t written) {
    auto element = dma(queue.device + 4 + 8 * (queue.used % queue.size), 8);
    if (element.empty()) return;
    std::memcpy(&element[0], &id, 4);
    std::memcpy(&element[4], &written, 4);
    store16(queue.device + 2, ++queue.used);
}

// Section 5.1.6.5: class, command, what it is about, and an answer.
void FakeVirtioNet::obey() {
    Queue& queue = queues_[2];
    for (; queue.seen != queue.told; ++queue.seen) {
        std::uint16_t head = load16(queue.driver + 4 + 2 * (queue.seen % queue.size));
        std::vector<Piece> pieces = chain(queue, head);
        if (pieces.size() != 3 || pieces[0].writable || pieces[1].writable || !pieces[2].writable || pieces[2].bytes.size() != 1)
            return violation("no command");
        if (pieces[0].bytes.size() != 2 || pieces[0].bytes[0] != std::byte{1} || pieces[0].bytes[1] != std::byte{1} ||
            pieces[1].bytes.size() != 6)
            return violation("not VIRTIO_NET_CTRL_MAC_ADDR_SET");
        if (!refuses_address) std::memcpy(station.data(), pieces[1].bytes.data(), 6);
        pieces[2].bytes[0] = std::byte{refuses_address};
        use(queue, head, 1);
    }
}

std::size_t FakeVirtioNet::receive_room() const {
    return static_cast<std::uint16_t>(queues_[0].told - queues_[0].seen);
}

bool FakeVirtioNet::deliver(std::span<const std::byte> frame, How how) {
    Queue& queue = queues_[0];
    if (dead || !(status_ & 4)) return false;
    if (polling_) look(queue);
    if (queue.seen == queue.told) return false;
    std::uint16_t head = load16(queue.driver + 4 + 2 * (queue.seen % queue.size));
    std::vector<Piece> pieces = chain(queue, head);
    if (pieces.empty()) return false;
    if (strict_layout() && (pieces.size() < 2 || pieces[0].bytes.size() != header_size()))
        violation("the header is no descriptor of its own");
    ++queue.seen;
    std::vector<std::byte> all(header_size());
    all[0] = std::byte{how.flags};
    if (modern_in_use()) all[10] = std::byte{1};
    all.insert(all.end(), frame.begin(), frame.end());
    std::size_t done = 0;
    for (const Piece& piece : pieces) {
        if (!piece.writable) violation("receive buffer that cannot be written");
        std::size_t part = std::min(piece.bytes.size(), all.size() - done);
        std::memcpy(piece.bytes.data(), all.data() + done, part);
        done += part;
    }
    if (done < all.size()) violation("receive buffer is too small");
    use(queue, how.id.value_or(head), how.written.value_or(static_cast<std::uint32_t>(done)));
    return true;
}

void FakeVirtioNet::lie_about_used_index(std::uint16_t by) {
    Queue& queue = queues_[0];
    queue.used = static_cast<std::uint16_t>(queue.used + by);
    store16(queue.device + 2, queue.used);
}

void FakeVirtioNet::finish_sending() {
    Queue& queue = queues_[1];
    if (polling_) look(queue);
    for (; queue.seen != queue.told; ++queue.seen) {
        std::uint16_t head = load16(queue.driver + 4 + 2 * (queue.seen % queue.size));
        std::vector<Piece> pieces = chain(queue, head);
        if (pieces.empty()) return;
        if (strict_layout() && pieces[0].bytes.size() != header_size())
            violation("the header is no descriptor of its own");
        std::vector<std::byte> all;
        for (const Piece& piece : pieces) {
            if (piece.writable) violation("transmit buffer that may be written");
            all.insert(all.end(), piece.bytes.begin(), piece.bytes.end());
        }
        Sent out{{all.begin() + header_size(), all.end()}, std::to_integer<std::uint8_t>(all[0]), 0, 0};
        std::memcpy(&out.checksum_start, &all[6], 2);
        std::memcpy(&out.checksum_offset, &all[8], 2);
        if (all[1] != std::byte{0}) violation("segmentation that was not negotiated");
        if (out.flags && !(driver_features_ & kCsum)) violation("checksum offload that was not negotiated");
        if (out.frame.size() < 60 || out.frame.size() > 1518) violation("no legal frame");
        sent.push_back(std::move(out));
        use(queue, head, 0);
    }
}
