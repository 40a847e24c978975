#include "net/pxe/pxe_api.h"

#include <algorithm>

#include "net/pxe/pxe_calls.h"

namespace net {

namespace {

using pxe::Status;

Status done(PxeApi&, std::byte*) { return Status::Success; }
Status unsupported(PxeApi&, std::byte*) { return Status::Unsupported; }

Status stop_undi(PxeApi& api, std::byte* parameters) {
    api.undi_stopped = true;
    return pxe_undi_shutdown(api, parameters);
}

// The way of the older API, without a STOP_UNDI.
Status cleanup(PxeApi& api, std::byte* parameters) {
    return api.stack_unloaded ? stop_undi(api, parameters) : pxe_undi_shutdown(api, parameters);
}

Status stop_base(PxeApi& api, std::byte* parameters) {
    pxe_tftp_close(api, parameters);
    pxe_udp_close(api, parameters);
    for (auto& file : api.files.open) file.reset();
    return Status::Success;
}

Status unload_stack(PxeApi& api, std::byte* parameters) {
    api.stack_unloaded = true;
    return stop_base(api, parameters);
}

Status get_cached_info(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::GetCachedInfo>(parameters);
    unsigned number = call.packet_type - 1u;
    if (number >= std::size(api.cached)) return Status::UndiInvalidParameter;
    const PxeApi::Cached& packet = api.cached[number];
    call.buffer_limit = packet.limit;
    if (call.buffer.is_null() || !call.buffer_size) {
        call.buffer = packet.at;
        call.buffer_size = packet.size;
        return Status::Success;
    }
    // What does not fit is cut off.
    std::uint16_t size = std::min(call.buffer_size.get(), packet.size);
    util::MutableBytes target = api.map(call.buffer, size);
    if (target.empty()) return Status::UndiInvalidParameter;
    std::memmove(target.data(), packet.bytes.data(), size);  // it may be our own
    call.buffer_size = size;
    return Status::Success;
}

struct Row {
    std::uint16_t function;
    std::uint8_t size;  // of the parameter structure
    PxeCall* call;
};

// Sorted by number.
constexpr Row kRows[] = {
    {pxe::kStartUndi, sizeof(pxe::StartUndi), pxe_undi_start},
    {pxe::kUndiStartup, sizeof(pxe::Plain), pxe_undi_start},
    {pxe::kUndiCleanup, sizeof(pxe::Plain), cleanup},
    {pxe::kUndiInitialize, sizeof(pxe::UndiInitialize), pxe_undi_start},
    {pxe::kUndiResetAdapter, sizeof(pxe::UndiReset), pxe_undi_reset},
    {pxe::kUndiShutdown, sizeof(pxe::Plain), pxe_undi_shutdown},
    {pxe::kUndiOpen, sizeof(pxe::UndiOpen), pxe_undi_open},
    {pxe::kUndiClose, sizeof(pxe::Plain), pxe_undi_close},
    {pxe::kUndiTransmit, sizeof(pxe::UndiTransmit), pxe_undi_transmit},
    {pxe::kUndiSetMulticastAddress, sizeof(pxe::UndiSetMulticast), pxe_undi_set_multicast},
    {pxe::kUndiSetStationAddress, sizeof(pxe::UndiSetStationAddress), pxe_undi_set_station_address},
    {pxe::kUndiSetPacketFilter, sizeof(pxe::UndiSetPacketFilter), pxe_undi_set_filter},
    {pxe::kUndiGetInformation, sizeof(pxe::UndiGetInformation), pxe_undi_get_information},
    {pxe::kUndiGetStatistics, sizeof(pxe::UndiGetStatistics), pxe_undi_get_statistics},
    {pxe::kUndiClearStatistics, sizeof(pxe::Plain), pxe_undi_clear_statistics},
    {pxe::kUndiInitiateDiags, sizeof(pxe::Plain), unsupported},
    {pxe::kUndiForceInterrupt, sizeof(pxe::Plain), unsupported},
    {pxe::kUndiGetMulticastAddress, sizeof(pxe::UndiGetMulticastAddress), pxe_undi_get_multicast_address},
    {pxe::kUndiGetNicType, sizeof(pxe::UndiGetNicType), pxe_undi_get_nic_type},
    {pxe::kUndiGetIfaceInfo, sizeof(pxe::UndiGetIfaceInfo), pxe_undi_get_iface_info},
    {pxe::kUndiIsr, sizeof(pxe::UndiIsr), pxe_undi_isr},
    {pxe::kStopUndi, sizeof(pxe::Plain), stop_undi},
    {pxe::kTftpOpen, sizeof(pxe::TftpOpen), pxe_tftp_open},
    {pxe::kTftpClose, sizeof(pxe::Plain), pxe_tftp_close},
    {pxe::kTftpRead, sizeof(pxe::TftpRead), pxe_tftp_read},
    {pxe::kTftpReadFile, sizeof(pxe::TftpReadFile), pxe_tftp_read_file},
    {pxe::kTftpGetFileSize, sizeof(pxe::TftpGetFileSize), pxe_tftp_get_file_size},
    {pxe::kUdpOpen, sizeof(pxe::UdpOpen), pxe_udp_open},
    {pxe::kUdpClose, sizeof(pxe::Plain), pxe_udp_close},
    {pxe::kUdpRead, sizeof(pxe::UdpRead), pxe_udp_read},
    {pxe::kUdpWrite, sizeof(pxe::UdpWrite), pxe_udp_write},
    {pxe::kUnloadStack, sizeof(pxe::UnloadStack), unload_stack},
    {pxe::kGetCachedInfo, sizeof(pxe::GetCachedInfo), get_cached_info},
    {pxe::kRestartTftp, sizeof(pxe::TftpReadFile), pxe_restart_tftp},
    {pxe::kStartBase, sizeof(pxe::Plain), done},
    {pxe::kStopBase, sizeof(pxe::Plain), stop_base},
    {pxe::kFileOpen, sizeof(pxe::FileOpen), pxe_file_open},
    {pxe::kFileClose, sizeof(pxe::FileClose), pxe_file_close},
    {pxe::kFileSelect, sizeof(pxe::FileSelect), pxe_file_select},
    {pxe::kFileRead, sizeof(pxe::FileRead), pxe_file_read},
    {pxe::kFileGetSize, sizeof(pxe::FileGetSize), pxe_file_get_size},
    {pxe::kFileCheck, sizeof(pxe::FileCheck), pxe_file_check},
};
static_assert(std::is_sorted(std::begin(kRows), std::end(kRows),
                             [](const Row& a, const Row& b) { return a.function < b.function; }));

// A call that we do not know has a status as well.
constexpr Row kUnknown{0, sizeof(pxe::Plain), [](PxeApi&, std::byte*) { return Status::BadFunction; }};

const Row& find(std::uint16_t function) {
    for (const Row& row : kRows)
        if (row.function == function) return row;
    return kUnknown;
}

// Room for a packet in base memory: programs may make it longer, up to what the structure's readers expect.
std::size_t room_for(util::Bytes packet) { return std::max(packet.size(), pxe::kBootpLayerSize); }

// Interrupt vectors and BIOS data area: no program has anything there that it could want us to touch.
constexpr std::uint32_t kFirstAddress = 0x500;

bool is_same(util::Bytes a, util::Bytes b) { return a.data() == b.data() && a.size() == b.size(); }

}  // namespace

std::size_t PxeApi::area_size() const {
    const PxePackets& packets = parts.packets;
    std::size_t size = PxeUndi::kFrameRoom + packets.discover.size() + room_for(packets.ack);
    if (!is_same(packets.ack, packets.reply)) size += room_for(packets.reply);
    return size;
}

void PxeApi::start(util::GuestMemory& memory, const PxeArea& place) {
    memory_ = &memory;
    area = place;
    std::size_t used = PxeUndi::kFrameRoom;
    auto keep = [&](Cached& cached, util::Bytes packet, std::size_t room) {
        cached.at = area.at;
        cached.at.offset = static_cast<std::uint16_t>(area.at.offset + used);
        cached.bytes = area.bytes.subspan(used, room);
        cached.size = static_cast<std::uint16_t>(packet.size());
        cached.limit = static_cast<std::uint16_t>(room);
        std::memset(cached.bytes.data(), 0, room);
        if (!packet.empty()) std::memcpy(cached.bytes.data(), packet.data(), packet.size());
        used += room;
    };
    const PxePackets& packets = parts.packets;
    keep(cached[0], packets.discover, packets.discover.size());
    keep(cached[1], packets.ack, room_for(packets.ack));
    if (is_same(packets.ack, packets.reply))
        cached[2] = cached[1];
    else
        keep(cached[2], packets.reply, room_for(packets.reply));
}

util::MutableBytes PxeApi::map(std::uint64_t address, std::size_t size) const {
    if (address < kFirstAddress) return {};
    return memory_->map(address, size);
}

util::MutableBytes PxeApi::map(pxe::SegOff16 pointer, std::size_t size) const {
    if (size > pointer.room()) return {};
    return map(pointer.linear(), size);
}

PxeApi::Answer PxeApi::call(std::uint16_t function, pxe::SegOff16 pointer) {
    const Row& row = find(function);
    util::MutableBytes parameters = map(pointer, row.size);
    if (parameters.empty()) return {};
    Status status = row.call(*this, parameters.data());
    Answer answer;
    if (status == Status::Success) answer.exit = pxe::Exit::Success;
    // What restarts the program has perhaps put it where its parameters were.
    if (restart)
        answer.then = Then::Restart;
    else
        parameters_as<pxe::Plain>(parameters.data()).status = static_cast<std::uint16_t>(status);
    if (stack_unloaded && undi_stopped) answer.then = Then::Unload;
    restart = false;
    return answer;
}

}  // namespace net
