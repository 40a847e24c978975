#include "tests/unit/drivers/fake_undi.h"

#include <platform/clock.h>

#include <algorithm>
#include <cstring>

#include "tests/host/fake_bus.h"

using namespace drivers::undi;
using host::violation;

namespace {

constexpr std::uint16_t kFailure = 1;           // PXENV_EXIT_FAILURE
constexpr std::uint16_t kInvalidFunction = 4;   // PXENV_STATUS_UNDI_INVALID_FUNCTION
constexpr std::uint16_t kOutOfResources = 0x05;  // PXENV_STATUS_OUT_OF_RESOURCES
constexpr std::uint16_t kInvalidState = 0x6a;   // PXENV_STATUS_UNDI_INVALID_STATE
constexpr std::uint32_t kFrameBuffer = 0x9b000;  // the ROM's own, to hand frames out

}  // namespace

FakeUndi::FakeUndi(const Lies& lies) : lies(lies) {
    host::set_pxe(this);
    if (lies.open_needs_close) state = State::Open;
    if (lies.open_needs_start) state = State::Stopped;
}

std::uint16_t FakeUndi::call(std::uint16_t opcode, std::uint32_t parameters, platform::Interrupts interrupts) {
    ++calls;
    if (interrupts == platform::Interrupts::On && opcode == 0x14)
        violation("UNDI_ISR with interrupts enabled");
    if (host::real_memory(parameters, 2).empty()) {
        violation("a parameter block that real mode cannot reach");
        return kFailure;
    }
    if (lies.rubbish) {
        util::MutableBytes bytes = host::real_memory(parameters, sizeof(OpenBlock));
        std::fill(bytes.begin(), bytes.end(), std::byte{0xff});
        block<Le16>(parameters) = kSuccess;
        return kSuccess;
    }
    std::uint16_t status = run(static_cast<Opcode>(opcode), parameters);
    block<Le16>(parameters) = status;
    return status && !lies.success_but_failure ? kFailure : kSuccess;
}

std::uint16_t FakeUndi::run(Opcode opcode, std::uint32_t at) {
    auto go = [&](State from, State to) -> std::uint16_t {
        if (state != from) return kInvalidState;
        state = to;
        return kSuccess;
    };
    switch (opcode) {
        case Opcode::Start:
        case Opcode::Cleanup:
        case Opcode::Stop:
            violation("loading and unloading are not the driver's");
            return kInvalidState;
        case Opcode::Startup: return go(State::Stopped, State::Started);
        case Opcode::Initialize: station = kMac; return go(State::Started, State::Initialised);
        case Opcode::SetStationAddress:
            if (lies.keeps_its_address) return kInvalidFunction;
            if (state != State::Initialised) return kInvalidState;
            station = block<StationAddressBlock>(at).address;
            return kSuccess;
        case Opcode::Shutdown:
            if (state == State::Open) violation("UNDI_SHUTDOWN of an open adapter");
            state = State::Stopped;
            return kSuccess;
        case Opcode::Open:
            if (lies.open_fails) return kInvalidState;
            if (block<OpenBlock>(at).multicast_count > 8) violation("more multicast addresses than there is room for");
            filter = block<OpenBlock>(at).packet_filter;
            ++openings;
            unreported_ = taken_ = given_ = sending_size_ = 0;
            return go(State::Initialised, State::Open);
        case Opcode::Close: return go(State::Open, lies.loses_itself ? State::Stopped : State::Initialised);
        case Opcode::Transmit: return transmit(at);
        case Opcode::GetInformation: return information(at);
        case Opcode::GetNicType: {
            if (lies.no_nic_type) return kInvalidFunction;
            auto& nic = block<NicTypeBlock>(at);
            nic.type = nic.kPci;
            nic.vendor = vendor;
            nic.device = device;
            nic.busdevfn = 0x0018;
            return kSuccess;
        }
        case Opcode::GetInterfaceInformation: block<InterfaceBlock>(at).speed = 100'000'000; return kSuccess;
        case Opcode::Isr: return isr(at);
    }
    violation("a PXE call that an UNDI does not know");
    return kInvalidFunction;
}

std::uint16_t FakeUndi::information(std::uint32_t at) {
    if (lies.no_information) return kInvalidState;
    auto& information = block<InformationBlock>(at);
    information.hardware_type = information.kEthernet;
    information.address_length = 6;
    information.mtu = lies.mtu;
    information.interrupt = lies.interrupt;
    if (!lies.no_address) information.permanent_address = kMac;
    information.receive_buffers = 1;
    return kSuccess;
}

std::uint16_t FakeUndi::transmit(std::uint32_t at) {
    if (state != State::Open) {
        violation("UNDI_TRANSMIT on a closed adapter");
        return kInvalidState;
    }
    auto linear = [](const FarPointer16& at) { return at.segment * 16u + at.offset; };
    const auto& transmit = block<TransmitBlock>(at);
    if (transmit.protocol != transmit.kUnknownProtocol) violation("a protocol, but the frame has its header");
    const auto& descriptor = block<TransmitDescriptor>(linear(transmit.descriptor));
    if (descriptor.block_count) violation("data blocks beside the immediate data");
    std::uint16_t size = descriptor.immediate_length;
    if (size < 14 || size > 1518) violation("a frame of a length that Ethernet does not have");
    if (lies.refuses || (lies.ring && unreported_ >= lies.ring)) {
        ++refused;
        return kOutOfResources;
    }
    if (lies.silent_after && taken_ >= lies.silent_after) return kSuccess;
    ++taken_;
    if (sending_size_) violation("a frame is sent while the last one's memory is still in use");
    sending_at_ = linear(descriptor.frame);
    sending_size_ = size;
    sending_since_ = platform::now();
    if (lies.never_says_sent || lies.says_sent_with_received) {
        finish_sending();
        ++unreported_;
    }
    return kSuccess;
}

// Only now the frame is read: whoever changes it before sends something else.
void FakeUndi::finish_sending() {
    util::MutableBytes bytes = host::real_memory(sending_at_, sending_size_);
    sent.emplace_back(bytes.begin(), bytes.end());
    sending_size_ = 0;
}

bool FakeUndi::reports_sent() const {
    if (lies.always_says_sent) return true;
    if (lies.says_sent_with_received) return unreported_ && !arrived.empty() && !(lies.ring && unreported_ >= lies.ring);
    return sending_size_ && platform::now() >= sending_since_ + lies.sending_takes;
}

std::uint16_t FakeUndi::isr(std::uint32_t at) {
    if (state != State::Open) {
        violation("UNDI_ISR on a closed adapter");
        return kInvalidState;
    }
    auto& isr = block<IsrBlock>(at);
    std::uint16_t function = isr.function;
    if (function == isr.kStart) {
        service_ = Service::Started;
        bool ours = !arrived.empty() || sending_size_;
        isr.function = ours && !lies.says_not_ours ? 0 : 1;
        return kSuccess;
    }
    if (function == isr.kProcess ? service_ != Service::Started : function != isr.kGetNext || service_ != Service::Processing)
        violation("UNDI_ISR: functions out of order");
    service_ = Service::Processing;
    next(isr);
    if (isr.function == isr.kDone) service_ = Service::Idle;
    return kSuccess;
}

void FakeUndi::next(IsrBlock& isr) {
    isr.function = isr.kDone;
    if (lies.busy_for_ever) {
        isr.function = isr.kBusy;
    } else if (reports_sent()) {
        if (sending_size_) finish_sending();
        if (unreported_) --unreported_;
        isr.function = isr.kTransmit;
    } else if (!arrived.empty() && !(lies.deaf_after && given_ >= lies.deaf_after)) {
        const auto& frame = arrived.front();
        std::size_t piece = frame.size() - delivered_;
        if (lies.fragment) piece = std::min<std::size_t>(piece, lies.fragment);
        util::MutableBytes buffer = host::real_memory(kFrameBuffer, piece);
        std::memcpy(buffer.data(), frame.data() + delivered_, piece);
        isr.function = isr.kReceive;
        isr.frame_length = static_cast<std::uint16_t>(frame.size());
        isr.buffer_length = static_cast<std::uint16_t>(lies.wild_lengths ? 0xffff : piece);
        isr.header_length = 14;
        if (!lies.null_frame) isr.frame = {Le16(kFrameBuffer & 15), Le16(kFrameBuffer >> 4)};
        delivered_ += piece;
        if (delivered_ == frame.size()) {
            delivered_ = 0;
            ++given_;
            if (!lies.never_done) arrived.pop_front();
        }
    }
}
