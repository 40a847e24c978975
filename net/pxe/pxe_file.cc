#include "net/pxe/pxe_file.h"

#include <algorithm>

#include "net/pxe/pxe_calls.h"

namespace net {

namespace {

using pxe::Status;

constexpr std::uint32_t kLongestUri = 2048;
constexpr std::uint32_t kLargestFile = 0xffffffff;

util::Owned<FileStream>* file_of(PxeApi& api, std::uint16_t handle) {
    if (handle == 0 || handle > PxeFiles::kMost || !api.files.open[handle - 1]) return nullptr;
    return &api.files.open[handle - 1];
}

// The text at a far pointer, up to its zero.
util::Result<void> read_text(PxeApi& api, pxe::SegOff16 at, util::String& text) {
    for (std::uint32_t i = 0; i < std::min(kLongestUri, at.room()); ++i) {
        util::Bytes byte = api.map(std::uint64_t{at.linear()} + i, 1);
        if (byte.empty()) return kBadUri;
        auto character = std::to_integer<char>(byte[0]);
        if (!character) return {};
        TRY(text.push(character));
    }
    return kBadUri;
}

util::Result<util::Owned<FileStream>> open(PxeApi& api, pxe::SegOff16 name) {
    util::String text;
    TRY(read_text(api, name, text));
    TRY(api.open_interface());
    return open_file_stream(api.parts.fetch, TRY(Uri::parse(text.view())));
}

}  // namespace

Status pxe_file_open(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::FileOpen>(parameters);
    auto* free = std::find_if(std::begin(api.files.open), std::end(api.files.open), [](const auto& file) { return !file; });
    if (free == std::end(api.files.open)) return Status::OutOfResources;
    auto opened = open(api, call.name);
    if (!opened.ok()) return pxe_file_status(opened.failure());
    *free = opened.take();
    call.handle = static_cast<std::uint16_t>(free - api.files.open + 1);
    return Status::Success;
}

Status pxe_file_close(PxeApi& api, std::byte* parameters) {
    auto* file = file_of(api, parameters_as<pxe::FileClose>(parameters).handle);
    if (!file) return Status::TftpClosed;
    file->reset();
    return Status::Success;
}

Status pxe_file_select(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::FileSelect>(parameters);
    auto* file = file_of(api, call.handle);
    if (!file) return Status::TftpClosed;
    api.loop().poll_once();
    call.ready = (*file)->is_ready() ? pxe::FileSelect::kRead : 0;
    return Status::Success;
}

// Does not wait: programs ask again, and do what else they have to do meanwhile.
Status pxe_file_read(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::FileRead>(parameters);
    auto* file = file_of(api, call.handle);
    if (!file) return Status::TftpClosed;
    util::MutableBytes target = api.map(call.buffer, call.buffer_size);
    if (target.empty()) return Status::UndiInvalidParameter;
    api.loop().poll_once();
    auto read = (*file)->read(target);
    if (!read.ok()) return pxe_file_status(read.failure());
    if (!read.value() && !(*file)->at_end()) return Status::TftpOpen;
    call.buffer_size = static_cast<std::uint16_t>(read.value());
    return Status::Success;
}

Status pxe_file_get_size(PxeApi& api, std::byte* parameters) {
    auto& call = parameters_as<pxe::FileGetSize>(parameters);
    auto* file = file_of(api, call.handle);
    if (!file) return Status::TftpClosed;
    auto size = (*file)->size();
    if (!size || *size > kLargestFile) return Status::TftpNoFileSize;
    call.size = static_cast<std::uint32_t>(*size);
    return Status::Success;
}

Status pxe_file_check(PxeApi&, std::byte* parameters) {
    auto& call = parameters_as<pxe::FileCheck>(parameters);
    if (call.magic != pxe::FileCheck::kAsked || call.size < sizeof call) return Status::BadFunction;
    call.size = sizeof call;
    call.magic = pxe::FileCheck::kAnswer;
    call.provider = pxe::FileCheck::kProvider;
    call.functions = 0;
    for (auto function : {pxe::kFileOpen, pxe::kFileClose, pxe::kFileSelect, pxe::kFileRead, pxe::kFileGetSize, pxe::kFileCheck})
        call.functions = call.functions | 1u << (function - pxe::kFileOpen);
    call.flags = 0;
    return Status::Success;
}

}  // namespace net
