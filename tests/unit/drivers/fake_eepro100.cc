#include "tests/unit/drivers/fake_eepro100.h"

#include <algorithm>
#include <string>

namespace {

std::string hex(std::uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "%x", value);
    return text;
}

std::uint32_t get(util::Bytes bytes, unsigned at, unsigned size) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << 8 * i;
    return value;
}

void put(util::MutableBytes bytes, unsigned at, unsigned size, std::uint32_t value) {
    for (unsigned i = 0; i < size; ++i) bytes[at + i] = static_cast<std::byte>(value >> 8 * i);
}

}  // namespace

FakeEepro100::FakeEepro100(Model model) : FakePciDevice(0x8086, 0x1229), model_(model) {
    if (model.out_of_reach)
        add_memory_window(0, 0, 0x1000, Width::Bits32);
    else
        add_memory_window(0, 0xfebf0000, 0x1000, Width::Bits32);
    add_io_window(1, 0xc000, 0x40);
    set_config(8, 1, model.revision);
}

std::uint32_t FakeEepro100::read_window(unsigned, std::uint32_t at, unsigned size) {
    if (dead) return 0xffffffff >> (32 - 8 * size);
    write_late();
    if (at == 0x00 && size == 2) return commander_ << 6 | receiver_ << 2;
    if (at == 0x02 && size == 1) return command_;
    if (at == 0x0e && size == 2) return (pins_ & 7u) | (out_ ? 8u : 0u);
    if (at == 0x10 && size == 4) return mdi_;
    host::violation("read of " + std::to_string(size) + " bytes at " + hex(at));
    return 0xffffffff;
}

void FakeEepro100::write_window(unsigned, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (dead) return;
    if (at == 0x02 && size == 1) {
        if (command_) host::violation("command while another is there");
        if (!(interrupt_mask_ & 1)) host::violation("command with interrupts on");
        command_ = static_cast<std::uint8_t>(value);
        if (takes_commands) run(std::exchange(command_, 0));
    } else if (at == 0x03 && size == 1) {
        interrupt_mask_ = static_cast<std::uint8_t>(value);
    } else if (at == 0x04 && size == 4) {
        if (command_) host::violation("pointer written while a command is there");
        pointer_ = value;
    } else if (at == 0x08 && size == 4) {
        if (value == 0 && port_ != 2) host::violation("software reset without a selective one before");
        if (value != 0 && value != 2) host::violation("port " + hex(value));
        port_ = value;
        if (value == 0) reset();
    } else if (at == 0x0e && size == 2) {
        move_pins(static_cast<std::uint16_t>(value));
    } else if (at == 0x10 && size == 4) {
        if (model_.phy & 0x8000) host::violation("a PHY without MII is asked");
        if (value >> 26 != 2) host::violation("MDI opcode " + hex(value >> 26));
        std::uint16_t data = 0xffff;
        unsigned number = value >> 16 & 31;
        if ((value >> 21 & 31) == phy_address) data = number == 1 ? (link_up ? 0x782d : 0x7809) : number == 4 ? 0x01e1 : number == 5 ? partner : 0;
        else host::violation("MDI at another PHY");
        mdi_ = (value & 0x03ff0000) | 1u << 28 | data;
    } else {
        host::violation("write of " + std::to_string(size) + " bytes at " + hex(at));
    }
}

void FakeEepro100::reset() {
    ++resets;
    receiver_ = commander_ = 0;
    stopped_ = false;
    command_ = interrupt_mask_ = 0;
    has_bases_[0] = has_bases_[1] = configured_ = addressed_ = false;
    late_.clear();
    port_ = 0xffff;
}

// A 93C46 takes its input when the clock rises, and answers then: a zero with the last bit of the number, then 16 bits.
void FakeEepro100::move_pins(std::uint16_t value) {
    bool rises = (value & 1) && !(pins_ & 1);
    if (!(value & 2)) ticks_ = input_ = 0, out_ = true;
    pins_ = value;
    if (!(value & 2) || !rises || blank) return;
    unsigned bits = 3 + model_.eeprom_bits;
    if (ticks_ < bits) {
        input_ = input_ << 1 | (value >> 2 & 1);
        if (++ticks_ < bits) return;
        out_ = false;
        if (input_ >> model_.eeprom_bits != 6) host::violation("EEPROM opcode " + hex(input_));
        unsigned number = input_ & ((1u << model_.eeprom_bits) - 1);
        word_ = number < 3 ? kMac[2 * number] | kMac[2 * number + 1] << 8 : number == 6 ? model_.phy : 0;
        return;
    }
    out_ = word_ >> (15 + bits - ticks_) & 1;
    if (++ticks_ > bits + 16) host::violation("more than a word read from the EEPROM");
}

void FakeEepro100::run(std::uint8_t command) {
    if (command == 0x00) ++nops;
    else if (command == 0x60 || command == 0x06) {
        if (pointer_) host::violation("a base that is not zero");
        has_bases_[command == 0x06] = true;
    } else if (command == 0x10 || command == 0x20) {
        if (!has_bases_[0]) host::violation("commands without a base");
        if (command == 0x10 && commander_ != 0) host::violation("command unit started while it is not idle");
        if (command == 0x20 && commander_ == 0) return stopped_ ? void() : host::violation("command unit resumed while it is idle");
        if (command == 0x10) block_at_ = pointer_;
        commander_ = 2;
        if (sends_at_once || !addressed_) finish_sending();
    } else if (command == 0x01) {
        if (!has_bases_[1] || !configured_ || !addressed_) host::violation("receive unit started without set-up");
        if (receiver_ == 4) host::violation("receive unit started while it runs");
        receiver_ = 4;
        frame_at_ = pointer_;
        auto descriptor = dma(frame_at_, 16);
        was_last_ = !descriptor.empty() && (get(descriptor, 2, 2) & 0x8000);
    } else {
        host::violation("command " + hex(command));
    }
}

void FakeEepro100::finish_sending() {
    if (command_) run(std::exchange(command_, 0));
    for (unsigned i = 0; commander_ == 2 && i < 1000; ++i) {
        auto block = dma(block_at_, 32);
        if (block.empty()) return;
        unsigned command = get(block, 2, 2);
        if (get(block, 0, 2)) host::violation("a block with status " + hex(get(block, 0, 2)));
        if ((command & 7) == 2) configure(block);
        else if ((command & 7) == 1) {
            for (unsigned j = 0; j < 6; ++j)
                if (get(block, 8 + j, 1) != expected_station[j]) host::violation("not the address that it is to have");
            addressed_ = true;
        } else if ((command & 7) == 4) send(block);
        else host::violation("block with command " + hex(command));
        put(block, 0, 2, 0xa000);
        if (command & 0x2000) host::violation("a block asks for an interrupt");
        if (command & 0x8000) host::violation("the list of commands ends");
        block_at_ = get(block, 4, 4);
        if (command & 0x4000) commander_ = 1;
    }
}

void FakeEepro100::configure(util::Bytes block) {
    if (get(block, 8, 1) != 22) host::violation("configuration of " + hex(get(block, 8, 1)));
    if (!(get(block, 8 + 6, 1) & 0x10)) host::violation("extended command blocks");
    if (get(block, 8 + 6, 1) & 0x80) host::violation("bad frames are saved");
    if ((get(block, 8 + 10, 1) & 0xcf) != 0x0e) host::violation("loopback, or an address inserted");
    if (get(block, 8 + 15, 1) & 3) host::violation("promiscuous, or no broadcasts");
    if ((get(block, 8 + 8, 1) & 1) == (model_.phy >> 15)) host::violation("MII or not");
    takes_long_ = get(block, 8 + 18, 1) & 8;
    if (takes_long_ && model_.revision < 4) host::violation("long frames on an 82557");
    if (!(get(block, 8 + 18, 1) & 2) || (get(block, 8 + 18, 1) & 5)) host::violation("padding, stripping or check sequences");
    if ((get(block, 8 + 21, 1) & 0x0f) != 0x0d) host::violation("no multicasts");
    configured_ = true;
}

void FakeEepro100::send(util::Bytes block) {
    if (!configured_ || !addressed_) host::violation("a frame before set-up");
    if (!(get(block, 2, 2) & 8)) host::violation("simplified mode");
    if (get(block, 12, 2) || get(block, 15, 1) != 1) host::violation("not one buffer");
    if (get(block, 14, 1) == 0 || get(block, 14, 1) > 0xe0) host::violation("threshold " + hex(get(block, 14, 1)));
    auto buffer = dma(get(block, 8, 4), 8);
    if (buffer.empty()) return;
    std::size_t size = get(buffer, 4, 2) & 0x7fff;
    if (size < 60 || size > 1518) host::violation("a frame of " + std::to_string(size));
    auto data = dma(get(buffer, 0, 4), size);
    sent.emplace_back(data.begin(), data.end());
}

bool FakeEepro100::deliver(std::span<const std::byte> frame, How how) {
    if (dead || receiver_ != 4) return false;
    if (frame.size() > 1514 && !takes_long_) return false;
    auto descriptor = dma(frame_at_, 16);
    if (descriptor.empty()) return false;
    bool last = reads_ahead ? was_last_ : (get(descriptor, 2, 2) & 0x8000) != 0;
    if (get(descriptor, 2, 2) & 0x7fff) host::violation("frame descriptor's command " + hex(get(descriptor, 2, 2)));
    if (get(descriptor, 0, 2)) host::violation("a frame descriptor that is complete");
    std::size_t room = get(descriptor, 14, 2);
    if (room & 1 || room < 1518) host::violation("room for " + std::to_string(room));
    dma(frame_at_ + 16, room);
    put(descriptor, 0, 2, how.status);
    late_.assign(frame.begin(), frame.end());
    late_at_ = frame_at_;
    late_count_ = how.count ? how.count : static_cast<unsigned>(frame.size());
    if (!writes_late) write_late();
    if (last) {
        receiver_ = 2;
        return true;
    }
    frame_at_ = get(descriptor, 4, 4);
    auto next = dma(frame_at_, 16);
    was_last_ = !next.empty() && (get(next, 2, 2) & 0x8000);
    return true;
}

void FakeEepro100::write_late() {
    if (late_.empty()) return;
    auto descriptor = dma(late_at_, 16);
    put(descriptor, 12, 2, 0xc000 | late_count_);
    auto buffer = dma(late_at_ + 16, late_.size());
    std::copy(late_.begin(), late_.end(), buffer.begin());
    late_.clear();
}
