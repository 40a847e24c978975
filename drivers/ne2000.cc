#include "drivers/ne2000.h"

#include <platform/io.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "drivers/frame.h"
#include "drivers/ne2000_traits.h"
#include "drivers/wait.h"

namespace drivers {

using namespace ne2000;

namespace {

constexpr util::Duration kResetTime = util::Duration::milliseconds(10);
// What a frame under way may take until a stopped chip is quiet: 1.6 ms (DS, overflow of the buffer ring).
constexpr util::Duration kStopTime = util::Duration::milliseconds(2);
constexpr util::Duration kRemoteTime = util::Duration::milliseconds(20);  // a frame through an ISA bus takes 2

constexpr std::uint8_t kStopped = cr::kStp | cr::kNoDma;
constexpr std::uint8_t kStarted = cr::kSta | cr::kNoDma;

}  // namespace

bool Ne2000::answers_at(std::uint16_t port) {
    auto at = [port](Register r) { return static_cast<std::uint16_t>(port + static_cast<unsigned>(r)); };
    std::uint8_t command = platform::in8(port);
    unsigned run = command & (cr::kStp | cr::kSta), dma = command & cr::kDmaMask;
    bool plausible = dma == cr::kNoDma && (run == cr::kStp || run == cr::kSta);
    // QEMU's model comes up with 0 instead of 21h.
    if (!plausible && command != 0) return false;
    // Register 1 of page 1 holds what is written to it, that of page 0 does not.
    platform::out8(port, kStopped | cr::kPage1);
    std::uint8_t found = platform::in8(at(Register::Par0));
    auto other = static_cast<std::uint8_t>(~found);
    platform::out8(at(Register::Par0), other);
    bool holds = platform::in8(at(Register::Par0)) == other;
    platform::out8(at(Register::Par0), found);
    platform::out8(port, holds ? kStopped : command);
    return holds;
}

Ne2000::Ne2000(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : pool_(pool),
      pci_(address),
      traits_(chip.traits),
      identity_{.driver = chip.driver, .chip = chip.name},
      port_(address.busdevfn),
      width_(chip.traits & kWordsOnly ? 2 : 4),
      is_isa_(chip.is_isa()) {
    if (traits_ & kEndsAt60) memory_end_ = 0x60;
}

util::Result<util::Owned<net::Link>> Ne2000::probe(const Chip& chip, platform::PciAddress address,
                                                   net::PacketPool& pool) {
    auto link = TRY(util::make_owned<Ne2000>(chip, address, pool));
    if (!link->is_isa_) {
        BaseAddress bar = link->pci_.base_address(0);
        if (!bar.is_io()) return kRegistersOutOfReach;
        link->port_ = static_cast<std::uint16_t>(bar.base);
        link->identity_ = link->pci_.identity(chip.driver, chip.name);
        link->pci_.enable(PciFunction::Access::Registers);
    }
    auto identified = link->identify();
    link->pci_.disable();
    TRY(identified);
    return util::Owned<net::Link>(std::move(link));
}

std::uint8_t Ne2000::read(Register r) const {
    return platform::in8(static_cast<std::uint16_t>(port_ + static_cast<unsigned>(r)));
}

void Ne2000::write(Register r, unsigned value) const {
    platform::out8(static_cast<std::uint16_t>(port_ + static_cast<unsigned>(r)), static_cast<std::uint8_t>(value));
}

// Reading the reset port starts a reset, writing it ends it on some cards.
util::Result<void> Ne2000::reset() const {
    write(Register::Reset, read(Register::Reset));
    bool back = wait_until([this] { return read(Register::Isr) & isr::kRst; }, kResetTime);
    return back && read(Register::Cr) != 0xff ? util::Result<void>{} : kNoAnswer;
}

// DS, initialization sequence, to where the chip can move its memory but takes and sends nothing.
void Ne2000::set_up_offline() const {
    write(Register::Cr, kStopped);
    write(Register::Dcr, dcr::kLs | dcr::kFt1 | (width_ > 1 ? dcr::kWts : 0));
    write(Register::Rbcr0, 0);
    write(Register::Rbcr1, 0);
    write(Register::Rcr, rcr::kMon);
    write(Register::Tcr, tcr::kLoopback);
    write(Register::Isr, isr::kAll);
    write(Register::Imr, 0);
}

// The PROM is read by bytes, whatever the slot is: so it tells which one.
util::Result<void> Ne2000::identify() {
    TRY(reset());
    std::uint8_t found_width = std::exchange(width_, 1);
    set_up_offline();
    std::uint8_t prom[kPromSize];
    read_memory(0, std::as_writable_bytes(std::span(prom)));
    bool twice = true;
    for (unsigned i = 0; i < kPromSize; i += 2) twice &= prom[i] == prom[i + 1];
    if (twice)
        for (unsigned i = 1; i < kPromSize / 2; ++i) prom[i] = prom[2 * i];
    std::uint8_t signature = prom[kSignatureAt];
    std::copy_n(prom, 6, mac_.octets.begin());
    if (!is_isa_) {
        width_ = found_width;  // some PCI clones have no signature
    } else if (signature == kSignatureWords && twice) {
        width_ = 2;
    } else if (signature != kSignatureWords && signature != kSignatureBytes) {
        return kNoAnswer;
    } else {  // 8 KiB, where an NE2000 has it or an NE1000
        if (!has_memory_at(memory_begin_)) memory_begin_ = 0x20;
        memory_end_ = static_cast<std::uint8_t>(memory_begin_ + 0x20);
    }
    write(Register::Cr, kStopped);
    return is_unicast(mac_) ? util::Result<void>{} : kNoMacAddress;
}

bool Ne2000::has_memory_at(std::uint8_t page) const {
    static constexpr std::uint8_t kPattern[] = {0x5a, 0xa5, 0x3c, 0xc3};
    std::uint8_t seen[sizeof kPattern];
    write_memory(page * kPage, std::as_bytes(std::span(kPattern)));
    read_memory(page * kPage, std::as_writable_bytes(std::span(seen)));
    return std::memcmp(seen, kPattern, sizeof seen) == 0;
}

util::Result<void> Ne2000::open() {
    if (open_) return {};
    if (!is_isa_) pci_.enable(PciFunction::Access::Registers);
    open_ = true;
    auto there = reset();
    if (there.ok())
        start();
    else
        close();
    return there;
}

// DS, initialization sequence.
void Ne2000::start() {
    overflowed_ = false;
    set_up_offline();
    write(Register::Pstart, first_page());
    write(Register::Pstop, memory_end_);
    next_ = current_ = first_page();
    release_to(next_);
    write(Register::Cr, kStopped | cr::kPage1);
    for (unsigned i = 0; i < 6; ++i) write(static_cast<Register>(static_cast<unsigned>(Register::Par0) + i), mac_.octets[i]);
    for (unsigned i = 0; i < 8; ++i) write(static_cast<Register>(static_cast<unsigned>(Register::Mar0) + i), 0xff);
    write(Register::Curr, current_);
    write(Register::Cr, kStarted);
    write(Register::Tcr, 0);
    write(Register::Rcr, rcr::kAb | rcr::kAm);
}

void Ne2000::close() {
    if (!open_) return;
    open_ = false;
    write(Register::Cr, kStopped);
    (void)wait_until([this] { return read(Register::Isr) & isr::kRst; }, kStopTime);
    pci_.disable();
}

std::size_t Ne2000::receive_capacity() const {
    // One page always stays free.
    return static_cast<std::size_t>(memory_end_ - first_page() - 1) / kTransmitPages;
}

net::LinkState Ne2000::state() {
    if (!open_) return {};
    return {.up = true, .megabits = 10, .duplex = net::Duplex::Half};
}

void Ne2000::start_remote(unsigned address, std::size_t count, std::uint8_t direction) const {
    write(Register::Isr, isr::kRdc);
    write(Register::Rbcr0, static_cast<unsigned>(count));
    write(Register::Rbcr1, static_cast<unsigned>(count >> 8));
    write(Register::Rsar0, address);
    write(Register::Rsar1, address >> 8);
    write(Register::Cr, cr::kSta | direction);
}

// The chip says when the last byte has arrived; one that does not is told to stop.
void Ne2000::end_remote() const {
    (void)wait_until([this] { return read(Register::Isr) & isr::kRdc; }, kRemoteTime);
    write(Register::Cr, kStarted);
}

// The size is a multiple of the port's width.
void Ne2000::read_memory(unsigned address, util::MutableBytes target) const {
    start_remote(address, target.size(), cr::kRemoteRead);
    auto port = static_cast<std::uint16_t>(port_ + static_cast<unsigned>(Register::Data));
    std::byte* to = target.data();
    for (std::byte* end = to + target.size(); to < end; to += width_) {
        std::uint32_t value;
        if (width_ == 4) {
            value = platform::in32(port);
            std::memcpy(to, &value, 4);
        } else if (width_ == 2) {
            value = platform::in16(port);
            std::memcpy(to, &value, 2);
        } else {
            *to = std::byte{platform::in8(port)};
        }
    }
    end_remote();
}

void Ne2000::write_memory(unsigned address, util::Bytes source) const {
    start_remote(address, source.size(), cr::kRemoteWrite);
    auto port = static_cast<std::uint16_t>(port_ + static_cast<unsigned>(Register::Data));
    const std::byte* from = source.data();
    for (const std::byte* end = from + source.size(); from < end; from += width_) {
        if (width_ == 4) {
            std::uint32_t value;
            std::memcpy(&value, from, 4);
            platform::out32(port, value);
        } else if (width_ == 2) {
            std::uint16_t value;
            std::memcpy(&value, from, 2);
            platform::out16(port, value);
        } else {
            platform::out8(port, std::to_integer<std::uint8_t>(*from));
        }
    }
    end_remote();
}

bool Ne2000::transmit(net::Packet& packet) {
    if (!open_ || !is_frame_size(packet.size())) {
        packet.drop();
        return true;
    }
    if (overflowed_ || (read(Register::Cr) & cr::kTxp)) return false;
    pad_frame(packet);
    std::size_t size = packet.size();
    // Up to the port's width; that much more is in every buffer, and is not sent.
    packet.append(-size & (width_ - 1u));
    write_memory(memory_begin_ * kPage, packet.data());
    write(Register::Isr, isr::kPtx | isr::kTxe);
    write(Register::Tpsr, memory_begin_);
    write(Register::Tbcr0, static_cast<unsigned>(size));
    write(Register::Tbcr1, static_cast<unsigned>(size >> 8));
    write(Register::Cr, kStarted | cr::kTxp);
    packet.drop();
    return true;
}

// Behind a frame that has been read: the chip may use its pages again. BNRY stays one behind (DS section 11).
void Ne2000::release_to(std::uint8_t page) {
    next_ = page;
    write(Register::Bnry, page == first_page() ? memory_end_ - 1u : page - 1u);
}

// Whether a frame that ends before this page ends within what has been received.
bool Ne2000::leads_on(std::uint8_t page) const {
    if (page < first_page() || page >= memory_end_) return false;
    auto ahead = [this](unsigned to) { return to >= next_ ? to - next_ : to + memory_end_ - first_page() - next_; };
    return page != next_ && ahead(page) <= ahead(current_);
}

// Called with the ring empty as far as is known. True when there is a frame at next_.
bool Ne2000::find_frames() {
    if (overflowed_) end_recovery();
    std::uint8_t status = read(Register::Isr);
    if (status == 0xff) return false;  // nobody there any more
    if (status & isr::kOvw) begin_recovery();
    if (!(status & (isr::kPrx | isr::kOvw))) return false;
    // Before CURR is read, so that what comes after that is told again.
    write(Register::Isr, isr::kPrx | isr::kRxe);
    write(Register::Cr, kStarted | cr::kPage1);
    current_ = read(Register::Curr);
    write(Register::Cr, kStarted);
    return current_ != next_;
}

// The ring has overflowed: the chip must be stopped, emptied in loopback and started anew, or it may hang or send on
// and on (DS, overflow of the buffer ring).
void Ne2000::begin_recovery() {
    bool sending = read(Register::Cr) & cr::kTxp;
    write(Register::Cr, kStopped);
    wait(kStopTime);
    write(Register::Rbcr0, 0);
    write(Register::Rbcr1, 0);
    resend_ = sending && !(read(Register::Isr) & (isr::kPtx | isr::kTxe));
    write(Register::Tcr, tcr::kLoopback);
    write(Register::Cr, kStarted);
    overflowed_ = true;
}

void Ne2000::end_recovery() {
    overflowed_ = false;
    write(Register::Isr, isr::kOvw);
    write(Register::Tcr, 0);
    if (resend_) write(Register::Cr, kStarted | cr::kTxp);
}

net::Packet Ne2000::receive() {
    if (!open_ || (next_ == current_ && !find_frames())) return net::Packet();
    // TCP keeps packets until they are read, and an acknowledgment must find one.
    if (pool_.available() <= pool_.total() / 8) return net::Packet();
    FrameHeader header;
    read_memory(next_ * kPage, std::as_writable_bytes(std::span(&header, 1)));
    std::size_t size = header.count() - std::size_t{kFrameCheckSize};
    net::Packet packet = pool_.allocate(0);
    if (!leads_on(header.next) || !is_frame_size(size) || !packet) {
        release_to(current_);  // no way from here to the next frame
        return net::Packet();
    }
    util::MutableBytes target = packet.append((size + 3) & ~std::size_t{3});
    std::size_t straight = std::size_t{memory_end_} * kPage - next_ * kPage - sizeof header;
    straight = std::min(straight, target.size());
    read_memory(next_ * kPage + unsigned{sizeof header}, target.first(straight));
    if (straight < target.size()) read_memory(first_page() * kPage, target.subspan(straight));
    release_to(header.next);
    packet.trim_to(size);
    return header.status & kReceivedIntact ? std::move(packet) : net::Packet();
}

}  // namespace drivers
